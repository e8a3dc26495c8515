/* Signs → incidents: a first, simple and honest grouping.
 *
 * Signs that name the same host, account, address, hash, domain or mail address within GROUP_GAP_NS
 * of each other belong together; so do signs joined through others in that way. Entities that say
 * nothing (well-known accounts, hubs: named together with more than half of all hosts) join
 * nothing. A group is an incident when the points of its distinct rules reach GROUP_RAISE_POINTS: a
 * rule counts once, however often it fired; precursors attach, but raise nothing. */
#ifndef TRIAGE_GROUP_H
#define TRIAGE_GROUP_H

#include "triage/found.h"

#define GROUP_GAP_NS       (INT64_C(2) * 3600 * 1000000000)
#define GROUP_RAISE_POINTS 15.0
/* Entities used for joining; further ones are counted in counts.unlinked_entities. */
#define GROUP_ENTITIES_MAX ((size_t)1 << 19)
/* A hub is named together with more than half of all hosts, and with more hosts than this. */
#define GROUP_HUB_HOSTS 10U

/* Fills incidents, sign_incident and the counts of signs and incidents from result->signs. */
MUST_USE enum result group_signs(struct triage_result *result, struct error *err);

#endif
