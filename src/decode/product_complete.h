/* Fields that follow from others and that only those want who show or keep events whole: rules and
 * triage look at what they are made of (doc/decoders.md, "Derived fields"). */
#ifndef DECODE_PRODUCT_COMPLETE_H
#define DECODE_PRODUCT_COMPLETE_H

#include "decode/product_view.h"

/* Adds what is missing to the event of the view, which product_derive has seen. */
void product_complete(struct product_view *view);

#endif
