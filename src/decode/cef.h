/* Alerts of other products in ArcSight's CEF and QRadar's LEEF, inside a syslog message or as a
 * line. */
#ifndef DECODE_CEF_H
#define DECODE_CEF_H

#include "event/event.h"

/* Adds the fields of a CEF or LEEF text: cef.vendor, cef.product, cef.version, cef.id, cef.name,
 * cef.severity and cef.ext.KEY for each pair (leef.* likewise, without name and severity). False
 * when it is neither. */
bool cef_add(struct event *event, slice text);

#endif
