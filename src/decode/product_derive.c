/* See product_derive.h. */
#include "decode/product_derive.h"

#include "base/base.h"
#include "decode/product_type.h"

/* A scheme and "://" after it are no longer. */
#define DERIVE_SCHEME_MAX 16
/* Longer "extensions" are none. */
#define DERIVE_EXTENSION_MAX 12

static void derive_add(struct product_view *view, enum product_fixed_name name, slice value)
{
    if (!product_view_has(view, name))
        product_view_add(view, name, value, EVENT_STRING);
}

/* A name has one; what is left of a cut address has none. */
static bool derive_has_letter(slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (byte_is_alpha(text.at[i]) || (unsigned char)text.at[i] >= 0x80)
            return true;
    return false;
}

static void derive_address(struct product_view *view, enum product_fixed_name address,
    enum product_fixed_name ip, enum product_fixed_name domain)
{
    slice text = product_view_value(view, address);
    slice value;
    enum event_type type;
    if (text.len == 0 || product_view_has(view, ip))
        return;
    if (product_type_convert(PRODUCT_TYPE_IP, text, view->event->arena, &value, &type))
        derive_add(view, ip, value);
    else if (product_type_extent(PRODUCT_TYPE_HOST, text) == text.len && derive_has_letter(text))
        derive_add(view, domain, text);
}

/* The last part of a path, of either system. */
static slice derive_basename(slice path)
{
    size_t slash = slice_find_last_byte(path, '/');
    size_t backslash = slice_find_last_byte(path, '\\');
    bool windows = (path.len > 1 && path.at[1] == ':') || slice_starts(path, S("\\"));
    if (slash < path.len && !windows)
        return slice_from(path, slash + 1);
    if (backslash < path.len)
        return slice_from(path, backslash + 1);
    return slash < path.len ? slice_from(path, slash + 1) : path;
}

static slice derive_extension(slice name)
{
    size_t dot = slice_find_last_byte(name, '.');
    slice extension = slice_from(name, dot + 1);
    if (dot == 0 || dot >= name.len || extension.len > DERIVE_EXTENSION_MAX)
        return S("");
    for (size_t i = 0; i < extension.len; i++)
        if (!byte_is_alnum(extension.at[i]))
            return S("");
    return extension;
}

static void derive_names(struct product_view *view)
{
    slice executable = product_view_value(view, PRODUCT_PROCESS_EXECUTABLE);
    slice parent = product_view_value(view, PRODUCT_PARENT_EXECUTABLE);
    slice path = product_view_value(view, PRODUCT_FILE_PATH);
    if (executable.len > 0)
        derive_add(view, PRODUCT_PROCESS_NAME, derive_basename(executable));
    if (parent.len > 0)
        derive_add(view, PRODUCT_PARENT_NAME, derive_basename(parent));
    if (path.len > 0) {
        slice name = derive_basename(path);
        size_t directory = path.len - name.len;
        derive_add(view, PRODUCT_FILE_NAME, name);
        derive_add(view, PRODUCT_FILE_DIRECTORY,
            slice_first(path, directory > 1 ? directory - 1 : directory));
        derive_add(view, PRODUCT_FILE_EXTENSION, derive_extension(name));
    }
}

/* host, host:port, [v6]:port, user@host. */
static void derive_authority(struct product_view *view, slice authority)
{
    size_t at = slice_find_last_byte(authority, '@');
    slice host = at < authority.len ? slice_from(authority, at + 1) : authority;
    size_t colon = slice_find_last_byte(host, ':');
    uint64_t port;
    bool bracket = slice_starts(host, S("["));
    if (colon < host.len && slice_to_u64(slice_from(host, colon + 1), UINT16_MAX, &port) &&
        (!bracket || host.at[colon - 1] == ']')) {
        if (!product_view_has(view, PRODUCT_URL_PORT))
            product_view_add(view, PRODUCT_URL_PORT, slice_from(host, colon + 1), EVENT_NUMBER);
        host = slice_first(host, colon);
    }
    if (bracket && slice_ends(host, S("]")))
        host = slice_sub(host, 1, host.len - 2);
    derive_add(view, PRODUCT_URL_DOMAIN, host);
}

/* RFC 3986, 3: [scheme://authority] path [?query] [#fragment]. */
static void derive_url(struct product_view *view)
{
    slice whole = product_view_value(view,
        product_view_has(view, PRODUCT_URL_ORIGINAL) ? PRODUCT_URL_ORIGINAL : PRODUCT_URL_FULL);
    slice rest = whole;
    slice front = slice_first(rest, DERIVE_SCHEME_MAX);
    bool colon = slice_find_byte(front, ':') < front.len;
    size_t scheme = colon ? slice_find(front, S("://")) : front.len;
    slice query = {NULL, 0}, fragment = {NULL, 0};
    if (product_view_has(view, PRODUCT_URL_PATH)) {
        slice path = product_view_value(view, PRODUCT_URL_PATH);
        derive_add(view, PRODUCT_URL_EXTENSION, derive_extension(derive_basename(path)));
        return;
    }
    if (rest.len == 0)
        return;
    slice_cut(rest, '#', &rest, &fragment);
    slice_cut(rest, '?', &rest, &query);
    if (scheme < rest.len && scheme < DERIVE_SCHEME_MAX) {
        derive_add(view, PRODUCT_URL_FULL, whole);
        derive_add(view, PRODUCT_URL_SCHEME, slice_first(rest, scheme));
        rest = slice_from(rest, scheme + 3);
        size_t slash = slice_find_byte(rest, '/');
        derive_authority(view, slice_first(rest, slash));
        rest = slice_from(rest, slash);
    }
    derive_add(view, PRODUCT_URL_PATH, rest);
    derive_add(view, PRODUCT_URL_QUERY, query);
    derive_add(view, PRODUCT_URL_FRAGMENT, fragment);
    derive_add(view, PRODUCT_URL_EXTENSION, derive_extension(derive_basename(rest)));
}

/* A manager reports of other hosts: theirs is the name by which rules look at the record, and its
 * own is that of who sent it. */
static void derive_reported_host(struct product_view *view)
{
    slice host = product_view_value(view, PRODUCT_REPORTED_HOST);
    if (host.len == 0)
        return;
    if (!product_view_has(view, PRODUCT_HOST_NAME)) {
        product_view_add(view, PRODUCT_HOST_NAME, host, EVENT_STRING);
        return;
    }
    size_t at = view->first[PRODUCT_HOST_NAME] - 1U;
    slice sender = view->event->fields[at].value;
    view->event->fields[at].value = host;
    if (!slice_equal(sender, host) && !product_view_has(view, PRODUCT_SYSLOG_HOSTNAME))
        product_view_add(view, PRODUCT_SYSLOG_HOSTNAME, sender, EVENT_STRING);
}

void product_derive(struct product_view *view)
{
    derive_reported_host(view);
    derive_address(view, PRODUCT_SOURCE_ADDRESS, PRODUCT_SOURCE_IP, PRODUCT_SOURCE_DOMAIN);
    derive_address(
        view, PRODUCT_DESTINATION_ADDRESS, PRODUCT_DESTINATION_IP, PRODUCT_DESTINATION_DOMAIN);
    derive_address(view, PRODUCT_CLIENT_ADDRESS, PRODUCT_CLIENT_IP, PRODUCT_CLIENT_DOMAIN);
    derive_address(view, PRODUCT_SERVER_ADDRESS, PRODUCT_SERVER_IP, PRODUCT_SERVER_DOMAIN);
    derive_names(view);
    derive_url(view);
}
