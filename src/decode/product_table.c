/* See product_table.h. */
#include "decode/product_table.h"

#include "base/base.h"

void product_table_finish(struct product_table *table, struct arena *arena)
{
    table->exact.fold = true;
    table->exact_rows = ARENA_ARRAY(arena, uint32_t, table->count);
    table->patterns = ARENA_ARRAY(arena, uint32_t, table->count);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct when_value *key = &table->rows[i].key;
        if (key->test != WHEN_EQUAL) {
            table->patterns[table->pattern_count++] = i;
            continue;
        }
        size_t known = table->exact.count;
        uint32_t number = product_words_put(&table->exact, arena, 0, key->text);
        if (table->exact.count > known)
            table->exact_rows[number] = i;
    }
}

const struct product_row *product_table_find(const struct product_table *table, slice value)
{
    uint32_t number = product_words_find(&table->exact, 0, value);
    size_t row = number == PRODUCT_WORD_NONE ? table->count : table->exact_rows[number];
    for (size_t i = 0; i < table->pattern_count && table->patterns[i] < row; i++)
        if (product_when_value_holds(&table->rows[table->patterns[i]].key, value))
            return &table->rows[table->patterns[i]];
    return row < table->count ? &table->rows[row] : NULL;
}
