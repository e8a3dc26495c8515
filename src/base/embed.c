/* Embedded files are found by binary search in the table that the build makes from rules/,
 * decoders/ and the report's assets. The files themselves are included by the assembler (.incbin):
 * they cost no compile time and no relocation. Rejected: files installed beside the program, which
 * a jump kit would have to carry and check. */
#include "base/embed.h"

#include "base/embed_table.h"

const struct embed_file *embed_files(size_t *count)
{
    *count = embed_table_count;
    return embed_table;
}

const struct embed_file *embed_find(slice path)
{
    size_t low = 0;
    size_t high = embed_table_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(path, slice_from_cstr(embed_table[middle].path));
        if (order == 0)
            return &embed_table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
