/* --assets: what the organisation knows of its systems.
 *
 * YAML: a list of {host, ip: [..], role, criticality}. Events that name an asset get
 * host.asset.role, source.asset.role, destination.asset.role and the same with .criticality, for
 * rules to look at. */
#ifndef TRIAGE_ASSETS_H
#define TRIAGE_ASSETS_H

#include "base/result.h"
#include "event/event.h"

#define ASSETS_MAX 100000U

struct assets;

/* `path` is for messages. A mistake refuses the file, with line and column. */
MUST_USE enum result assets_load(slice path, slice yaml, struct assets **assets, struct error *err);
/* NULL is fine. */
void assets_free(struct assets *assets);
void assets_apply(const struct assets *assets, struct event *event);

#endif
