/* See prose_writer.h. */
#include "report/prose_writer.h"

#include "report/words.h"

static const enum text prose_labels[] = {TEXT_REPORT_WHEN, TEXT_REPORT_VECTOR, TEXT_REPORT_STAGE,
    TEXT_REPORT_WHY, TEXT_REPORT_EVIDENCE, TEXT_REPORT_UNFOLD};

static size_t prose_widest_label(void)
{
    size_t widest = 0;
    for (size_t i = 0; i < sizeof(prose_labels) / sizeof(prose_labels[0]); i++)
        widest = size_max(widest, layout_width(text_get(prose_labels[i])));
    for (enum entity_type type = 0; type < ENTITY_COUNT; type++)
        widest = size_max(widest, layout_width(words_entity_type(type)));
    return widest;
}

void prose_writer_init(struct prose *prose, struct sink *sink, struct triage_result *result,
    const struct report_options *options, const struct digest *digest)
{
    size_t columns = options->columns == 0 ? REPORT_COLUMNS : options->columns;
    columns = size_min(size_max(columns, REPORT_COLUMNS_MIN), REPORT_COLUMNS_MAX);
    *prose = (struct prose){
        .sink = sink,
        .result = result,
        .options = options,
        .digest = digest,
        .layout = {.out = &sink->buf, .columns = columns, .colour = options->colour},
        .label_columns = prose_widest_label() + 2,
    };
    buf_init(&prose->text, PROSE_TEXT_MAX);
    phrase_init(&prose->phrase);
}

void prose_writer_free(struct prose *prose)
{
    buf_free(&prose->text);
    phrase_free(&prose->phrase);
}

slice prose_evidence(struct prose *prose, slice evidence)
{
    layout_evidence(phrase_begin(&prose->phrase), evidence);
    return phrase_end(&prose->phrase);
}

slice prose_record(struct prose *prose, const struct triage_record *record)
{
    struct buf *word = phrase_begin(&prose->phrase);
    layout_evidence(word, record->path);
    buf_append_byte(word, ':');
    buf_append_u64(word, record->number);
    return phrase_end(&prose->phrase);
}

slice prose_title(struct prose *prose, const struct rule *rule, slice title)
{
    layout_title(phrase_begin(&prose->phrase), words_title(rule, title));
    return phrase_end(&prose->phrase);
}

void prose_level_mark(struct prose *prose, enum rule_level level)
{
    static const slice marks[] = {
        [RULE_INFORMATIONAL] = S_INIT(LAYOUT_PLAIN),
        [RULE_LOW] = S_INIT(LAYOUT_PLAIN),
        [RULE_MEDIUM] = S_INIT(LAYOUT_MEDIUM),
        [RULE_HIGH] = S_INIT(LAYOUT_HIGH),
        [RULE_CRITICAL] = S_INIT(LAYOUT_CRITICAL),
    };
    buf_append(&prose->text, marks[level]);
}

void prose_end(struct prose *prose, size_t first, size_t rest)
{
    layout_wrap(&prose->layout, buf_slice(&prose->text), first, rest);
    buf_clear(&prose->text);
    phrase_reset(&prose->phrase);
    (void)sink_settle(prose->sink);
}

void prose_row(struct prose *prose, enum text label)
{
    slice word = text_get(label);
    buf_append(&prose->text, S(LAYOUT_FAINT));
    buf_append(&prose->text, word);
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    layout_spaces(
        &prose->text, prose->label_columns - size_min(layout_width(word), prose->label_columns));
}

void prose_row_end(struct prose *prose)
{
    prose_end(prose, PROSE_INDENT, PROSE_INDENT + prose->label_columns);
}

void prose_row_line(struct prose *prose, size_t hanging)
{
    size_t column = PROSE_INDENT + prose->label_columns;
    prose_end(prose, column, column + hanging);
}

void prose_heading(struct prose *prose, slice heading)
{
    layout_blank(&prose->layout);
    buf_append(&prose->text, S(LAYOUT_STRONG));
    buf_append(&prose->text, heading);
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    prose_end(prose, 0, 0);
}
