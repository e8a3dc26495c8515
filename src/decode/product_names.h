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
    PRODUCT_NAME(PROCESS_COMMAND_LINE, "process.command_line")                                     \
    PRODUCT_NAME(PROCESS_ARGS, "process.args")                                                     \
    PRODUCT_NAME(PROCESS_ARGS_COUNT, "process.args_count")                                         \
    PRODUCT_NAME(PARENT_COMMAND_LINE, "process.parent.command_line")                               \
    PRODUCT_NAME(PARENT_ARGS, "process.parent.args")                                               \
    PRODUCT_NAME(PARENT_ARGS_COUNT, "process.parent.args_count")                                   \
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
    PRODUCT_NAME(URL_EXTENSION, "url.extension")                                                   \
    PRODUCT_NAME(URL_FULL, "url.full")                                                             \
    PRODUCT_NAME(SOURCE_PORT, "source.port")                                                       \
    PRODUCT_NAME(SOURCE_BYTES, "source.bytes")                                                     \
    PRODUCT_NAME(SOURCE_PACKETS, "source.packets")                                                 \
    PRODUCT_NAME(SOURCE_NAT_IP, "source.nat.ip")                                                   \
    PRODUCT_NAME(SOURCE_USER, "source.user.name")                                                  \
    PRODUCT_NAME(DESTINATION_PORT, "destination.port")                                             \
    PRODUCT_NAME(DESTINATION_BYTES, "destination.bytes")                                           \
    PRODUCT_NAME(DESTINATION_PACKETS, "destination.packets")                                       \
    PRODUCT_NAME(DESTINATION_NAT_IP, "destination.nat.ip")                                         \
    PRODUCT_NAME(DESTINATION_USER, "destination.user.name")                                        \
    PRODUCT_NAME(CLIENT_USER, "client.user.name")                                                  \
    PRODUCT_NAME(SERVER_USER, "server.user.name")                                                  \
    PRODUCT_NAME(USER_NAME, "user.name")                                                           \
    PRODUCT_NAME(USER_TARGET, "user.target.name")                                                  \
    PRODUCT_NAME(USER_EFFECTIVE, "user.effective.name")                                            \
    PRODUCT_NAME(USER_CHANGES, "user.changes.name")                                                \
    PRODUCT_NAME(HOST_NAME, "host.name")                                                           \
    PRODUCT_NAME(HOST_HOSTNAME, "host.hostname")                                                   \
    PRODUCT_NAME(HOST_OS_TYPE, "host.os.type")                                                     \
    PRODUCT_NAME(HOST_IP, "host.ip")                                                               \
    PRODUCT_NAME(OBSERVER_NAME, "observer.name")                                                   \
    PRODUCT_NAME(OBSERVER_HOSTNAME, "observer.hostname")                                           \
    PRODUCT_NAME(NETWORK_FORWARDED_IP, "network.forwarded_ip")                                     \
    PRODUCT_NAME(OBSERVER_IP, "observer.ip")                                                       \
    PRODUCT_NAME(DNS_QUESTION, "dns.question.name")                                                \
    PRODUCT_NAME(DNS_TOP, "dns.question.top_level_domain")                                         \
    PRODUCT_NAME(DNS_REGISTERED, "dns.question.registered_domain")                                 \
    PRODUCT_NAME(DNS_SUBDOMAIN, "dns.question.subdomain")                                          \
    PRODUCT_NAME(DNS_RESOLVED_IP, "dns.resolved_ip")                                               \
    PRODUCT_NAME(NETWORK_TRANSPORT, "network.transport")                                           \
    PRODUCT_NAME(NETWORK_NUMBER, "network.iana_number")                                            \
    PRODUCT_NAME(NETWORK_TYPE, "network.type")                                                     \
    PRODUCT_NAME(NETWORK_BYTES, "network.bytes")                                                   \
    PRODUCT_NAME(NETWORK_PACKETS, "network.packets")                                               \
    PRODUCT_NAME(NETWORK_ID, "network.community_id")                                               \
    PRODUCT_NAME(EVENT_START, "event.start")                                                       \
    PRODUCT_NAME(EVENT_END, "event.end")                                                           \
    PRODUCT_NAME(EVENT_DURATION, "event.duration")                                                 \
    PRODUCT_NAME(TIME_IS, "_time_is")                                                              \
    PRODUCT_NAME(REPORTED_HOST, "_host_name")                                                      \
    PRODUCT_NAME(SYSLOG_HOSTNAME, "log.syslog.hostname")                                           \
    PRODUCT_NAME(ICMP_TYPE, "_icmp_type")                                                          \
    PRODUCT_NAME(ICMP_CODE, "_icmp_code")                                                          \
    PRODUCT_NAME(RELATED_IP, "related.ip")                                                         \
    PRODUCT_NAME(RELATED_USER, "related.user")                                                     \
    PRODUCT_NAME(RELATED_HOSTS, "related.hosts")                                                   \
    PRODUCT_NAME(RELATED_HASH, "related.hash")

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
