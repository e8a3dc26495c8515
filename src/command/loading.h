/* What several commands load before they begin: rules with their log sources, and products'
 * definitions. */
#ifndef COMMAND_LOADING_H
#define COMMAND_LOADING_H

#include "base/result.h"
#include "command/command.h"
#include "decode/product.h"
#include "detect/detect.h"

/* Bytes of one rule file. */
#define LOADING_FILE_MAX ((size_t)16 << 20)
/* Bytes of rules from which on their compiled form is kept on disk: fewer are compiled at once. */
#define LOADING_CACHE_MIN ((size_t)1 << 20)

struct loading_text {
    slice path, yaml;
    bool shipped;
};

struct loading {
    struct arena arena;         /* texts of files, kept for the rules */
    struct loading_text *texts; /* of rules, in the order of loading */
    size_t text_count, text_capacity;
    struct region *region; /* where the rules are, or NULL */
    struct rule_set *rules;
    struct detect_program *program;
    struct products *products;
    struct loading_text *definitions; /* of the user */
    size_t definition_count, definition_capacity;
    uint64_t refused; /* definitions and files that were refused; rules stand in the rule set */
};

struct loading_rules {
    bool shipped;
    const struct command_values *paths; /* --rules */
    const char *placeholders;           /* may be NULL */
    bool cached;                        /* compiled rules may be read from disk and kept there */
    bool wider;                         /* places marked so in the log-source mapping as well */
};

/* Loads and compiles rules. Refused rules are said on standard error, one line each. */
MUST_USE enum result loading_rules(
    struct loading *loading, const struct loading_rules *which, struct error *err);
/* Loads the products' definitions: the shipped ones, and those of the files and directories that
 * the user names (--decoders), of which one takes the place of a shipped one of the same product.
 * Refused ones are said and counted. */
MUST_USE enum result loading_products(
    struct loading *loading, const struct command_values *paths, struct error *err);
void loading_free(struct loading *loading);
/* Rules that were refused. */
uint64_t loading_refused_rules(const struct loading *loading);

#endif
