/* Indicators written so that no reader's program makes a link of them, as handlers do among
 * themselves: 203.0.113[.]7, hxxp://evil[.]example/path, someone[@]evil[.]example. */
#ifndef REPORT_DEFANG_H
#define REPORT_DEFANG_H

#include "base/base.h"
#include "event/entity.h"

/* Appends the value; types that cannot be followed (hosts, users, hashes, files) as they are. */
void defang_append(struct buf *out, enum entity_type type, slice value);

#endif
