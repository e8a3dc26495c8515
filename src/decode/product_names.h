/* The field names that definitions speak of, as numbers. */
#ifndef DECODE_PRODUCT_NAMES_H
#define DECODE_PRODUCT_NAMES_H

#include "decode/product_words.h"

/* Names that the code itself reads and makes; they are the first numbers. */
#define PRODUCT_NAMES                                                                              \
    PRODUCT_NAME(TIMESTAMP, "@timestamp")                                                          \
    PRODUCT_NAME(MESSAGE, "message")                                                               \
    PRODUCT_NAME(UNDECODED, "event.undecoded")                                                     \
    PRODUCT_NAME(SOURCE_ADDRESS, "source.address")                                                 \
    PRODUCT_NAME(SOURCE_IP, "source.ip")                                                           \
    PRODUCT_NAME(SOURCE_DOMAIN, "source.domain")                                                   \
    PRODUCT_NAME(DESTINATION_ADDRESS, "destination.address")                                       \
    PRODUCT_NAME(DESTINATION_IP, "destination.ip")                                                 \
    PRODUCT_NAME(DESTINATION_DOMAIN, "destination.domain")                                         \
    PRODUCT_NAME(CLIENT_ADDRESS, "client.address")                                                 \
    PRODUCT_NAME(CLIENT_IP, "client.ip")                                                           \
    PRODUCT_NAME(CLIENT_DOMAIN, "client.domain")                                                   \
    PRODUCT_NAME(SERVER_ADDRESS, "server.address")                                                 \
    PRODUCT_NAME(SERVER_IP, "server.ip")                                                           \
    PRODUCT_NAME(SERVER_DOMAIN, "server.domain")                                                   \
    PRODUCT_NAME(PROCESS_EXECUTABLE, "process.executable")                                         \
    PRODUCT_NAME(PROCESS_NAME, "process.name")                                                     \
    PRODUCT_NAME(PARENT_EXECUTABLE, "process.parent.executable")                                   \
    PRODUCT_NAME(PARENT_NAME, "process.parent.name")                                               \
    PRODUCT_NAME(FILE_PATH, "file.path")                                                           \
    PRODUCT_NAME(FILE_NAME, "file.name")                                                           \
    PRODUCT_NAME(FILE_DIRECTORY, "file.directory")                                                 \
    PRODUCT_NAME(FILE_EXTENSION, "file.extension")                                                 \
    PRODUCT_NAME(URL_ORIGINAL, "url.original")                                                     \
    PRODUCT_NAME(URL_SCHEME, "url.scheme")                                                         \
    PRODUCT_NAME(URL_DOMAIN, "url.domain")                                                         \
    PRODUCT_NAME(URL_PORT, "url.port")                                                             \
    PRODUCT_NAME(URL_PATH, "url.path")                                                             \
    PRODUCT_NAME(URL_QUERY, "url.query")                                                           \
    PRODUCT_NAME(URL_FRAGMENT, "url.fragment")                                                     \
    PRODUCT_NAME(URL_EXTENSION, "url.extension")

enum product_fixed_name {
#define PRODUCT_NAME(id, text) PRODUCT_##id,
    PRODUCT_NAMES
#undef PRODUCT_NAME
};

struct product_name {
    slice text;
    bool ecs;       /* the name is ECS */
    bool parts_ecs; /* so are names made of it and a part: NAME.part */
    bool scratch;   /* it begins with "_": what a definition keeps in it is taken away at the end */
    bool asked;     /* conditions speak of it */
    bool compared;  /* some of them ask for whole values */
};

struct product_names {
    struct product_words words;
    struct product_name *items; /* by number */
    size_t capacity;
};

/* Gives the names above their numbers; call first. */
void product_names_init(struct product_names *names, struct arena *arena);
/* The number of a name, a new one counted on. */
uint32_t product_names_put(struct product_names *names, struct arena *arena, slice name);
/* The first part of the name is one of ECS 8 ("source", "event" …). */
bool product_names_is_ecs(slice name);

#endif
