/* Value modifiers (sigma-appendix-modifiers 2.1): the key `field|modifier|modifier` taken apart.
 * Their order in the key does not matter; what cannot go together is refused. */
#ifndef DETECT_MODIFIER_H
#define DETECT_MODIFIER_H

#include <stdint.h>

#include "base/result.h"
#include "base/slice.h"
#include "wire/yaml.h"

#define MODIFIER_ALL          (1u << 0)
#define MODIFIER_CONTAINS     (1u << 1)
#define MODIFIER_STARTSWITH   (1u << 2)
#define MODIFIER_ENDSWITH     (1u << 3)
#define MODIFIER_CASED        (1u << 4)
#define MODIFIER_NEQ          (1u << 5)
#define MODIFIER_EXISTS       (1u << 6)
#define MODIFIER_WINDASH      (1u << 7)
#define MODIFIER_RE           (1u << 8)
#define MODIFIER_I            (1u << 9)
#define MODIFIER_M            (1u << 10)
#define MODIFIER_S            (1u << 11)
#define MODIFIER_BASE64       (1u << 12)
#define MODIFIER_BASE64OFFSET (1u << 13)
#define MODIFIER_UTF16LE      (1u << 14)
#define MODIFIER_UTF16BE      (1u << 15)
#define MODIFIER_UTF16        (1u << 16)
#define MODIFIER_LT           (1u << 17)
#define MODIFIER_LTE          (1u << 18)
#define MODIFIER_GT           (1u << 19)
#define MODIFIER_GTE          (1u << 20)
#define MODIFIER_CIDR         (1u << 21)
#define MODIFIER_EXPAND       (1u << 22)
#define MODIFIER_FIELDREF     (1u << 23)
#define MODIFIER_MINUTE       (1u << 24)
#define MODIFIER_HOUR         (1u << 25)
#define MODIFIER_DAY          (1u << 26)
#define MODIFIER_WEEK         (1u << 27)
#define MODIFIER_MONTH        (1u << 28)
#define MODIFIER_YEAR         (1u << 29)

#define MODIFIER_SHAPES   (MODIFIER_CONTAINS | MODIFIER_STARTSWITH | MODIFIER_ENDSWITH)
#define MODIFIER_COMPARES (MODIFIER_LT | MODIFIER_LTE | MODIFIER_GT | MODIFIER_GTE)
#define MODIFIER_UTF16S   (MODIFIER_UTF16LE | MODIFIER_UTF16BE | MODIFIER_UTF16)
#define MODIFIER_BASE64S  (MODIFIER_BASE64 | MODIFIER_BASE64OFFSET)
#define MODIFIER_TIMES                                                                             \
    (MODIFIER_MINUTE | MODIFIER_HOUR | MODIFIER_DAY | MODIFIER_WEEK | MODIFIER_MONTH |             \
        MODIFIER_YEAR)

/* Splits the text of `key`. *field is empty for keywords. */
MUST_USE enum result modifier_parse(
    const struct yaml_node *key, slice *field, uint32_t *modifiers, struct error *err);

#endif
