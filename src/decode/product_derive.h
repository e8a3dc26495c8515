/* Fields that follow from others whatever the product (doc/decoders.md, "Derived fields"). */
#ifndef DECODE_PRODUCT_DERIVE_H
#define DECODE_PRODUCT_DERIVE_H

#include "decode/product_when.h"

/* The names that are read and made; they are the first numbers of the names of a `struct products`.
 */
#define DERIVE_NAMES                                                                               \
    DERIVE_NAME(SOURCE_ADDRESS, "source.address")                                                  \
    DERIVE_NAME(SOURCE_IP, "source.ip")                                                            \
    DERIVE_NAME(SOURCE_DOMAIN, "source.domain")                                                    \
    DERIVE_NAME(DESTINATION_ADDRESS, "destination.address")                                        \
    DERIVE_NAME(DESTINATION_IP, "destination.ip")                                                  \
    DERIVE_NAME(DESTINATION_DOMAIN, "destination.domain")                                          \
    DERIVE_NAME(CLIENT_ADDRESS, "client.address")                                                  \
    DERIVE_NAME(CLIENT_IP, "client.ip")                                                            \
    DERIVE_NAME(CLIENT_DOMAIN, "client.domain")                                                    \
    DERIVE_NAME(SERVER_ADDRESS, "server.address")                                                  \
    DERIVE_NAME(SERVER_IP, "server.ip")                                                            \
    DERIVE_NAME(SERVER_DOMAIN, "server.domain")                                                    \
    DERIVE_NAME(PROCESS_EXECUTABLE, "process.executable")                                          \
    DERIVE_NAME(PROCESS_NAME, "process.name")                                                      \
    DERIVE_NAME(PARENT_EXECUTABLE, "process.parent.executable")                                    \
    DERIVE_NAME(PARENT_NAME, "process.parent.name")                                                \
    DERIVE_NAME(FILE_PATH, "file.path")                                                            \
    DERIVE_NAME(FILE_NAME, "file.name")                                                            \
    DERIVE_NAME(FILE_DIRECTORY, "file.directory")                                                  \
    DERIVE_NAME(FILE_EXTENSION, "file.extension")                                                  \
    DERIVE_NAME(URL_ORIGINAL, "url.original")                                                      \
    DERIVE_NAME(URL_SCHEME, "url.scheme")                                                          \
    DERIVE_NAME(URL_DOMAIN, "url.domain")                                                          \
    DERIVE_NAME(URL_PORT, "url.port")                                                              \
    DERIVE_NAME(URL_PATH, "url.path")                                                              \
    DERIVE_NAME(URL_QUERY, "url.query")                                                            \
    DERIVE_NAME(URL_FRAGMENT, "url.fragment")                                                      \
    DERIVE_NAME(URL_EXTENSION, "url.extension")

/* Call first on empty names. */
void product_derive_names(struct when_names *names, struct arena *arena);
/* Adds what is missing to the event of the view, which must be up to date. */
void product_derive(struct when_view *view);

#endif
