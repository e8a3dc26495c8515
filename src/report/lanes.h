/* Signs counted into lanes (hosts) and places (equal parts of a time axis): what a timeline draws.
 * Bounded, however many signs and hosts there are. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include "base/base.h"
#include "base/map.h"
#include "report/axis.h"
#include "triage/result.h"

/* Places of an axis. */
#define LANES_PLACES 160
/* Hosts told apart while counting; signs of further ones share the last lane. */
#define LANES_HOSTS_MAX 256

struct lane_place {
    uint64_t count;
    enum rule_level level; /* of the strongest */
};

struct lane {
    slice host;  /* empty: no host named */
    bool others; /* of all hosts past the limit */
    uint64_t count;
    enum rule_level level;
    struct lane_place places[LANES_PLACES];
};

struct lanes {
    struct arena arena;
    struct axis axis;
    struct map hosts; /* host → index */
    struct lane *lanes[LANES_HOSTS_MAX + 1];
    size_t count;
    uint64_t untimed; /* signs without a time: in no lane */
    bool others;      /* the last lane is that of further hosts */
};

/* Zeroed by the caller, axis set. */
void lanes_add(struct lanes *lanes, const struct triage_sign *sign);
/* Puts the strongest lanes first and joins those past `most` into one; returns how many hosts that
 * lane stands for at least, 0 when none were joined. Call once, after the last sign. */
size_t lanes_settle(struct lanes *lanes, size_t most);
void lanes_free(struct lanes *lanes);

#endif
