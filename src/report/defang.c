/* See defang.h. */
#include "report/defang.h"

/* Each `byte` in brackets. */
static void defang_byte(struct buf *out, slice text, char byte)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == byte)
            buf_append_byte(out, '[');
        buf_append_byte(out, text.at[i]);
        if (text.at[i] == byte)
            buf_append_byte(out, ']');
    }
}

static void defang_ip(struct buf *out, slice value)
{
    /* IPv4 in IPv6 has both; its dots are enough. */
    defang_byte(out, value, slice_find_byte(value, '.') < value.len ? '.' : ':');
}

static void defang_email(struct buf *out, slice value)
{
    slice name, domain;
    if (!slice_cut(value, '@', &name, &domain)) {
        defang_byte(out, value, '.');
        return;
    }
    buf_append(out, name);
    buf_append(out, S("[@]"));
    defang_byte(out, domain, '.');
}

/* The scheme is spoilt, and the dots up to the path. */
static void defang_url(struct buf *out, slice value)
{
    size_t scheme = slice_find(value, S("://"));
    if (scheme < value.len) {
        bool web = slice_starts_nocase(value, S("http"));
        buf_append(out, web ? S("hxxp") : S(""));
        buf_append(out, slice_sub(value, web ? 4 : 0, scheme - (web ? 4 : 0)));
        buf_append(out, web ? S("://") : S("[:]//"));
        value = slice_from(value, scheme + 3);
    }
    size_t host = slice_find_byte(value, '/');
    defang_byte(out, slice_first(value, host), '.');
    buf_append(out, slice_from(value, host));
}

void defang_append(struct buf *out, enum entity_type type, slice value)
{
    switch (type) {
    case ENTITY_IP:
        defang_ip(out, value);
        break;
    case ENTITY_DOMAIN:
        defang_byte(out, value, '.');
        break;
    case ENTITY_URL:
        defang_url(out, value);
        break;
    case ENTITY_EMAIL:
        defang_email(out, value);
        break;
    case ENTITY_HOST:
    case ENTITY_USER:
    case ENTITY_HASH:
    case ENTITY_PROCESS:
    case ENTITY_FILE:
    case ENTITY_COUNT:
        buf_append(out, value);
        break;
    }
}
