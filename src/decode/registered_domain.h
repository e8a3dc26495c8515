/* The parts of a name that people think in: what was registered, what it was registered under, and
 * what stands before it. */
#ifndef DECODE_REGISTERED_DOMAIN_H
#define DECODE_REGISTERED_DOMAIN_H

#include <stdbool.h>

#include "base/slice.h"

struct registered_domain {
    slice top;        /* the public suffix: com, co.uk */
    slice registered; /* it and one label more: example.co.uk */
    slice subdomain;  /* what is before that: www; may be empty */
};

/* Parts of a name in ASCII (A-labels), slices of it, by the list of public suffixes that libpsl
 * carries. False for addresses, for names that are a public suffix or a single label, and for what
 * is no name. Opens nothing. */
bool registered_domain_find(slice name, struct registered_domain *parts);

#endif
