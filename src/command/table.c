/* See table.h. One row a command; help, parsing and completion read the rows. */
#include "command/table.h"

#include "command/decoders.h"
#include "command/explain.h"
#include "command/rules.h"
#include "command/triage.h"
#include "command/views.h"

#define TABLE_MANY SIZE_MAX

static const struct command table_commands[] = {
    {S_INIT("triage"), S_INIT(""), TEXT_HELP_TRIAGE, triage_command_options, S_INIT("PATH..."), 1,
        TABLE_MANY, triage_command_run},
    {S_INIT("explain"), S_INIT(""), TEXT_HELP_EXPLAIN, explain_command_options,
        S_INIT("ID PATH..."), 2, TABLE_MANY, explain_command_run},
    {S_INIT("logons"), S_INIT(""), TEXT_HELP_LOGONS, views_command_event_options, S_INIT("PATH..."),
        1, TABLE_MANY, views_command_logons},
    {S_INIT("pivots"), S_INIT(""), TEXT_HELP_PIVOTS, views_command_sign_options, S_INIT("PATH..."),
        1, TABLE_MANY, views_command_pivots},
    {S_INIT("gaps"), S_INIT(""), TEXT_HELP_GAPS, views_command_event_options, S_INIT("PATH..."), 1,
        TABLE_MANY, views_command_gaps},
    {S_INIT("timeline"), S_INIT(""), TEXT_HELP_TIMELINE, views_command_timeline_options,
        S_INIT("PATH..."), 1, TABLE_MANY, views_command_timeline},
    {S_INIT("decode"), S_INIT(""), TEXT_HELP_DECODE, views_command_decode_options,
        S_INIT("PATH..."), 1, TABLE_MANY, views_command_decode},
    {S_INIT("decoders"), S_INIT("list"), TEXT_HELP_DECODERS_LIST, decoders_command_options,
        S_INIT(""), 0, 0, decoders_command_list},
    {S_INIT("decoders"), S_INIT("check"), TEXT_HELP_DECODERS_CHECK, decoders_command_options,
        S_INIT("FILE..."), 1, TABLE_MANY, decoders_command_check},
    {S_INIT("decoders"), S_INIT("test"), TEXT_HELP_DECODERS_TEST, decoders_command_options,
        S_INIT("[FILE...]"), 0, TABLE_MANY, decoders_command_test},
    {S_INIT("decoders"), S_INIT("explain"), TEXT_HELP_DECODERS_EXPLAIN, decoders_command_options,
        S_INIT("LINE"), 1, 1, decoders_command_explain},
    {S_INIT("rules"), S_INIT("list"), TEXT_HELP_RULES_LIST, rules_command_options, S_INIT(""), 0, 0,
        rules_command_list},
    {S_INIT("rules"), S_INIT("profile"), TEXT_HELP_RULES_PROFILE, views_command_sign_options,
        S_INIT("PATH..."), 1, TABLE_MANY, views_command_costs},
    {S_INIT("rules"), S_INIT("test"), TEXT_HELP_RULES_TEST, rules_command_options,
        S_INIT("RULES.yml EVENTS.ndjson"), 2, 2, rules_command_test},
};

const struct command *command_table(size_t *count)
{
    *count = sizeof(table_commands) / sizeof(table_commands[0]);
    return table_commands;
}
