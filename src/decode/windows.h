/* Names that all forms of a Windows event share, whether it comes as EVTX, XML or JSON:
 *     System     <EventID>             EventID        <Execution ProcessID>   Execution_ProcessID
 *     EventData  <Data Name="X">       X              <Data>                  Data
 *     UserData   <a><b><c>, at any depth: c, and c_attribute
 * TimeCreated, ActivityID and UserID are attributes of System that go by their usual short names.
 */
#ifndef DECODE_WINDOWS_H
#define DECODE_WINDOWS_H

#include "decode/decode.h"

/* The field of an attribute of an element of System; in the arena where it has to be made. */
slice windows_system_attribute(struct arena *arena, slice element, slice attribute);
/* The field of what a provider's own data calls so: its own EventID must not look like the event's,
 * by which rules tell what an event is. Other names of System may come again and then are lists,
 * but for Channel (see windows_finish). */
slice windows_data_name(slice name);
/* `element`_`attribute`. */
slice windows_join(struct arena *arena, slice element, slice attribute);
/* Adds a field of System: those that hold numbers as numbers; TimeCreated sets the event's time
 * (UTC by definition). */
void windows_add_system(struct event *event, slice name, slice value);
/* Sets event.module, once the other fields are there, and winlog.channel: the channel that the
 * event is from. Where the provider's own data has a Channel too (log cleared: which one), Channel
 * is that one alone, as rules mean it. */
void windows_finish(struct event *event);

#endif
