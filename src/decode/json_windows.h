/* Windows events in JSON: winlogbeat (6 and later), flat objects (NXLog, HELK, Get-WinEvent |
 * ConvertTo-Json, Azure) and the event's XML as nested objects (evtx_dump, xmltodict). All get the
 * names of windows.h beside their own. */
#ifndef DECODE_JSON_WINDOWS_H
#define DECODE_JSON_WINDOWS_H

#include "decode/json_dialect.h"

/* Gives the event the fields of the record that was indexed, when it is one of these; false when it
 * is none. */
bool json_windows_fill(struct json_events *events, struct event *event);

#endif
