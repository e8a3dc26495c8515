/* Access logs of web servers in NCSA's form: common, combined, with a virtual host before and other
 * fields after it (Apache's mod_log_config, nginx's ngx_http_log_module and whoever copies them).
 */
#ifndef DECODE_NCSA_H
#define DECODE_NCSA_H

#include "decode/decode.h"

/* A line, taken apart; what is "-" or missing is absent. Texts are as they stand, with their
 * escapes. */
struct ncsa_line {
    slice virtual_host; /* with its port */
    slice client;
    slice user;
    struct stamp stamp;
    slice request;                 /* inside the quotes */
    slice method, target, version; /* of the request; absent when it is malformed */
    slice status;
    slice bytes;
    slice referrer;
    slice user_agent;
    slice rest; /* what comes after */
};

/* False when the text is no such line. */
bool ncsa_parse(slice text, struct ncsa_line *line);
/* Adds the fields: source.address, user.name, http.*, url.*, user_agent.original,
 * network.forwarded_ip, and event.dataset "web.access", or that of the server where the line or the
 * caller (`server`, may be absent) says which one it is. */
void ncsa_add(struct event *event, const struct ncsa_line *line, slice server);

unsigned ncsa_sniff(slice head, bool whole);
/* A line of another form gives a `message`. */
enum result ncsa_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
