/* The inside of a rule set, for loading and compiling. */
#ifndef DETECT_RULE_SET_MODEL_H
#define DETECT_RULE_SET_MODEL_H

#include "base/map.h"
#include "detect/log_sources.h"
#include "detect/rule_set.h"
#include "detect/sigma.h"

struct rule_set {
    struct arena arena;   /* as long as the set */
    struct arena scratch; /* of the file being read */
    struct rule *rules;
    struct sigma_rule *loaded; /* the same indexes */
    size_t count;
    size_t rule_capacity, loaded_capacity;
    struct map ids;          /* of loaded rules: id → index */
    struct map placeholders; /* name → struct item_placeholder * */
    struct log_sources log_sources;
    slice log_sources_file;
    bool has_log_sources;
    bool wider;
};

#endif
