/* Reading JSON (RFC 8259): one text becomes a flat list of (path, value, type), in the order of the
 * text.
 *
 *     {"a":{"b":1,"c":[true,{"d":"x"}]}}   →   a.b=1  a.c=true  a.c.d=x
 *
 * Members of nested objects are joined with dots; a list is the same path several times; every one
 * of repeated keys is kept. Numbers keep their text. Strings are unescaped: slices into the text
 * where nothing was escaped, copies in the arena otherwise.
 *
 * More is read than RFC 8259 allows, since a sender's mistake must not hide an attacker's bytes:
 * malformed UTF-8 becomes U+FFFD, a raw control character in a string stands for itself, an
 * unpaired surrogate becomes U+FFFD, \xHH is a byte (nginx and Apache write it), any other unknown
 * escape stays as it is, backslash included (C:\Users). */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"

/* Bytes of one text. */
#define JSON_TEXT_MAX ((size_t)16 << 20)
/* Objects and arrays inside each other; deeper texts are refused. */
#define JSON_DEPTH_MAX 128
/* Leaves of one text; further ones are only counted. */
#define JSON_FIELDS_MAX ((size_t)16 << 10)
/* Bytes of a joined path; a leaf with a longer one is only counted. */
#define JSON_PATH_MAX ((size_t)1024)

enum json_type {
    JSON_STRING,
    JSON_NUMBER, /* value is the text of the number */
    JSON_BOOL,   /* value is "true" or "false" */
    JSON_NULL,   /* value is empty */
    JSON_OBJECT, /* a member of the outermost object that is an object: value is its text, its own
                    leaves follow */
    JSON_ARRAY,  /* the same for an array */
};

struct json_field {
    slice path;
    slice value;
    enum json_type type;
};

struct json_flat {
    const struct json_field *fields; /* in the parser: valid until its next use */
    size_t count;
    size_t dropped;     /* leaves past JSON_FIELDS_MAX or with a path past JSON_PATH_MAX */
    bool repaired;      /* encoding mistakes were replaced */
    bool partial;       /* for who reads fronts of texts that were cut off: it is one */
    enum json_type top; /* what the text as a whole is; a lone scalar or the leaves of an array have
                           an empty path */
    size_t lists;       /* lists that begin with an object, at any depth */
    size_t list; /* index of the first field of type JSON_ARRAY that begins with an object; `count`
                    for none */
};

struct json_parser;

/* Call once before a sandbox is entered: asks the processor what it can do, loads what is loaded
 * late. */
void json_prepare(void);
/* Never NULL. */
struct json_parser *json_parser_new(void);
/* NULL is fine. */
void json_parser_free(struct json_parser *parser);

/* Flattens `text`, which holds one JSON value and white space around it. The text and the arena
 * must outlive the use of the fields. RESULT_MALFORMED with the byte of the mistake, RESULT_LIMIT
 * past JSON_TEXT_MAX or JSON_DEPTH_MAX. */
MUST_USE enum result json_flatten(struct json_parser *parser, struct arena *arena, slice text,
    struct json_flat *flat, struct error *err);

#endif
