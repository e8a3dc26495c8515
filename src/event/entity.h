/* Entities of an event: who and what it is about, normalised so that the same thing is the same
 * text everywhere. */
#ifndef EVENT_ENTITY_H
#define EVENT_ENTITY_H

#include "event/event.h"

enum entity_type {
#define ENTITY(id, name) ENTITY_##id,
#include "event/entities.def"
#undef ENTITY
    ENTITY_COUNT
};

struct entity {
    enum entity_type type;
    slice value; /* normalised, valid UTF-8, in the event's arena */
};

/* Entities taken from one event at most, further ones are dropped; and bytes of one. */
#define ENTITY_MAX      48
#define ENTITY_TEXT_MAX 1024

struct entity_list {
    struct entity items[ENTITY_MAX];
    size_t count;
};

slice entity_type_name(enum entity_type type);

/* Takes the entities out of the event's ECS fields (each once, in a fixed order of fields).
 * Normalisation: hosts lower case, without trailing dot, a full name cut to its short form unless
 * it is an address; IPs in canonical text, IPv4 in IPv6 as IPv4, loopback, unspecified, link-local,
 * multicast and broadcast left out; users lower case as name, or DOMAIN\name and name@domain folded
 * to name@domain with the domain's short form, machine accounts (NAME$) as the host, built-in
 * accounts (system, local service, network service, anonymous logon, dwm-N, umfd-N) left out;
 * hashes, domains (without trailing dot) and mail addresses lower case; paths with the case folded
 * where they are Windows paths. Longer texts than ENTITY_TEXT_MAX bytes are cut. */
void entity_extract(struct event *event, struct entity_list *list);

/* The normalisations by themselves, for assets and rules. Absent when the text is no such thing. */
slice entity_normal_host(struct arena *arena, slice text);
slice entity_normal_ip(struct arena *arena, slice text);
slice entity_normal_user(struct arena *arena, slice name, slice domain);

#endif
