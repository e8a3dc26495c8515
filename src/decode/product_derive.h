/* Fields that follow from others whatever the product (doc/decoders.md, "Derived fields"). */
#ifndef DECODE_PRODUCT_DERIVE_H
#define DECODE_PRODUCT_DERIVE_H

#include "decode/product_view.h"

/* Adds what is missing to the event of the view. */
void product_derive(struct product_view *view);

#endif
