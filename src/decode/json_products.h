/* JSON of products other than Windows: Suricata EVE, Zeek, the systemd journal, CloudTrail, syslog
 * in Azure tables, Docker's json-file, GELF. Native names stay; what these add is the dataset, the
 * time, and where a line of text is inside, the fields by which definitions of products find it
 * (process.name, host.name, message). */
#ifndef DECODE_JSON_PRODUCTS_H
#define DECODE_JSON_PRODUCTS_H

#include "decode/json_dialect.h"

/* Gives the event the fields of the record that was indexed, when it is one of these; false when it
 * is none. */
bool json_products_fill(struct json_events *events, struct event *event);

#endif
