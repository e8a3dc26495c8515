/* What is known of a rule. */
#ifndef DETECT_RULE_H
#define DETECT_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum rule_level { RULE_INFORMATIONAL, RULE_LOW, RULE_MEDIUM, RULE_HIGH, RULE_CRITICAL };
enum rule_kind { RULE_INDICATOR, RULE_PRECURSOR };
/* SP 800-61r2, 3.2.1; RULE_VECTOR_UNKNOWN until something says. */
enum rule_vector {
    RULE_VECTOR_UNKNOWN,
    RULE_VECTOR_MEDIA,
    RULE_VECTOR_ATTRITION,
    RULE_VECTOR_WEB,
    RULE_VECTOR_EMAIL,
    RULE_VECTOR_IMPERSONATION,
    RULE_VECTOR_IMPROPER_USAGE,
    RULE_VECTOR_LOSS,
    RULE_VECTOR_OTHER,
};

/* What is known of a rule, loaded or refused. All slices live as long as the set. */
struct rule {
    slice id; /* UUID text; where the rule has none, derived from its file and title */
    slice title;
    slice title_ja; /* of the project's own rules (key hikeshi.title_ja); absent elsewhere */
    slice name;     /* for correlations; may be absent */
    slice description;
    slice file;
    uint32_t line; /* 1-based line where the document begins */
    bool shipped;  /* one of the project's own */
    bool refused;
    slice reason; /* why it was refused: line, column and words, in the user's language */
    slice reason_english;
    bool correlation;
    bool filter;
    bool generate; /* it gives signs itself (a rule only used by a correlation does not, unless
                      generate: true) */
    enum rule_level level;
    enum rule_kind kind;
    enum rule_vector vector;
    slice product, category, service; /* logsource; absent where not given */
    slice *attack; /* "T1059.001", "TA0001"; upper case, from tags attack.*, tactic names turned to
                      their ids */
    size_t attack_count;
    slice *references, *false_positives; /* texts for reports */
    size_t reference_count, false_positive_count;
    slice *fields; /* names of the event fields that the rule looks at */
    size_t field_count;
};

/* As in rules and output: "high", "precursor", "web"; the vector not known is the empty slice. */
slice rule_level_name(enum rule_level level);
bool rule_level_parse(slice name, enum rule_level *level);
slice rule_kind_name(enum rule_kind kind);
bool rule_kind_parse(slice name, enum rule_kind *kind);
slice rule_vector_name(enum rule_vector vector);
bool rule_vector_parse(slice name, enum rule_vector *vector);

#endif
