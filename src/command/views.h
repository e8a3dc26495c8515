/* hikeshi logons, pivots, gaps, timeline, decode: other views of the run that triage makes. */
#ifndef COMMAND_VIEWS_H
#define COMMAND_VIEWS_H

#include "command/command.h"

/* Of views that look at events alone, and of those that show signs. */
extern const struct command_option views_command_event_options[];
extern const struct command_option views_command_sign_options[];
extern const struct command_option views_command_timeline_options[];
extern const struct command_option views_command_decode_options[];

enum command_status views_command_costs(const struct command_call *call);
enum command_status views_command_decode(const struct command_call *call);
enum command_status views_command_gaps(const struct command_call *call);
enum command_status views_command_logons(const struct command_call *call);
enum command_status views_command_pivots(const struct command_call *call);
enum command_status views_command_timeline(const struct command_call *call);

#endif
