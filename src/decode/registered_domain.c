/* See registered_domain.h. The list that is compiled into libpsl is used, not the file on disk: a
 * worker opens nothing, and the same evidence gives the same fields as long as the library is the
 * same. Rejected: "the last two labels", which takes co.uk for what somebody registered. */
#include "decode/registered_domain.h"

#include <libpsl.h>

#include "base/base.h"

/* RFC 1035, 2.3.4, in presentation form. */
#define DOMAIN_LEN_MAX 253

static bool domain_is_name_byte(char byte)
{
    return byte_is_alnum(byte) || byte == '-' || byte == '_' || byte == '.';
}

/* In lower case, as the list has its entries; false for what is no name. */
static bool domain_prepare(slice name, char text[DOMAIN_LEN_MAX + 1])
{
    bool letter = false;
    bool dot = true;
    if (name.len == 0 || name.len > DOMAIN_LEN_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];
        if (!domain_is_name_byte(byte) || (dot && byte == '.'))
            return false;
        dot = byte == '.';
        letter = dot ? false : letter || !byte_is_digit(byte);
        text[i] = byte_lower(byte);
    }
    text[name.len] = '\0';
    return letter; /* of the last label: an address ends with digits */
}

bool registered_domain_find(slice name, struct registered_domain *parts)
{
    char text[DOMAIN_LEN_MAX + 1];
    if (slice_ends(name, S(".")))
        name = slice_first(name, name.len - 1);
    if (!domain_prepare(name, text))
        return false;
    const psl_ctx_t *list = psl_builtin();
    const char *registered = list == NULL ? NULL : psl_registrable_domain(list, text);
    const char *top = list == NULL ? NULL : psl_unregistrable_domain(list, text);
    if (registered == NULL || top == NULL)
        return false;
    size_t before = (size_t)(registered - text);
    *parts = (struct registered_domain){.top = slice_from(name, (size_t)(top - text)),
        .registered = slice_from(name, before),
        .subdomain = slice_first(name, before == 0 ? 0 : before - 1)};
    return true;
}
