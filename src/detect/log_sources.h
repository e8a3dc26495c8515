/* Log sources of rules as places in events: rules/logsources.yml, see doc/sigma.md.
 *
 * An entry names a log source (any of product, category, service) and the places where its events
 * are found: conditions on the event, and for each place the names that stand for the rule's fields
 * there. */
#ifndef DETECT_LOG_SOURCES_H
#define DETECT_LOG_SOURCES_H

#include "detect/sigma.h"

/* Places of one rule at most. */
#define LOG_SOURCE_PLACES_MAX 64

struct log_rename {
    slice rule;  /* the name in rules */
    slice event; /* the name in events of this place */
};

struct log_place {
    struct sigma_node *where; /* what an event must match */
    struct sigma_node *also;  /* and this, or NULL */
    const struct log_rename *renames;
    size_t rename_count;
    bool wider;
};

struct log_entry {
    slice product, category, service; /* absent where not given */
    enum rule_vector vector;
    struct log_place *places;
    size_t place_count;
};

struct log_sources {
    struct log_entry *entries;
    size_t count;
};

/* Reads a mapping. Everything that is kept goes into the loader's arena. */
MUST_USE enum result log_sources_load(
    struct sigma_loader *loader, slice yaml, struct log_sources *sources);

struct log_found {
    struct log_place places[LOG_SOURCE_PLACES_MAX];
    size_t count;
    enum rule_vector vector;
    bool mapped; /* false: no entry fits, the places come from the names of the log source alone */
};

/* The places of a log source, those marked wider only on request. The most specific entries for its
 * category and for its service are taken; where both exist an event must be in a place of each. */
void log_sources_find(const struct log_sources *sources, const struct rule *rule, bool wider,
    struct arena *arena, struct log_found *found);

#endif
