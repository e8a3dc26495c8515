/* See rarity.h. A guess that knows nothing of anybody's events: eight letters are rare, and a sign
 * that names, paths and prose are not made of is worth three letters. */
#include "detect/rarity.h"

#include "base/base.h"

#define RARITY_ENOUGH ((size_t)8)
#define RARITY_SIGN   ((size_t)3)

double rarity_cost(slice text)
{
    static const slice signs = S_INIT("{}[]<>'\"$#@!^|~*`%");
    size_t letters = 0;
    for (size_t i = 0; i < text.len && letters < RARITY_ENOUGH; i++)
        letters += byte_is_among(text.at[i], signs) ? RARITY_SIGN : 1;
    return (double)(UINT32_C(1) << (RARITY_ENOUGH - size_min(letters, RARITY_ENOUGH)));
}
