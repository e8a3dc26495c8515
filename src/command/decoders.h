/* hikeshi decoders list, check, test, explain: the definitions of products. */
#ifndef COMMAND_DECODERS_H
#define COMMAND_DECODERS_H

#include "command/command.h"

extern const struct command_option decoders_command_options[];

enum command_status decoders_command_list(const struct command_call *call);
/* Whether the files can be loaded beside the shipped definitions. */
enum command_status decoders_command_check(const struct command_call *call);
enum command_status decoders_command_test(const struct command_call *call);
enum command_status decoders_command_explain(const struct command_call *call);

#endif
