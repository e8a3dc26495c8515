/* What is shown of an incident: gathered from its signs once the grouping (group.h) has said which
 * they are. */
#ifndef TRIAGE_INCIDENT_H
#define TRIAGE_INCIDENT_H

#include "triage/found.h"

/* Points of a rule that fired in a group; low and informational rules together at most
 * INCIDENT_LOW_POINTS_MAX. */
double incident_rule_points(enum rule_level level);
#define INCIDENT_LOW_POINTS_MAX 5.0

/* How urgent a group is: critical with one critical rule confirmed by another rule or many points,
 * high with a critical rule or several high ones, else medium. `telling`: rules of level medium and
 * above. */
enum rule_level incident_priority(double points, size_t critical, size_t telling);

/* A group that became an incident; the position in the array is the incident's number in
 * sign_incident. */
struct incident_seed {
    uint32_t group;
    enum rule_level priority;
    double points;
    int64_t raised_ns;
    size_t first_sign;
};

/* Entities and reasons shown of one incident at most. */
#define INCIDENT_ENTITIES_MAX 100U
#define INCIDENT_WHY_MAX      100U

/* Fills result->incidents in the order of the seeds. */
MUST_USE enum result incident_fill(struct triage_result *result, const struct incident_seed *seeds,
    size_t count, struct error *err);

#endif
