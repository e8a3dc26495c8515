/* See gap_mark.h. */
#include "triage/gap_mark.h"

#include "base/base.h"
#include "event/entity.h"

static const struct {
    enum gap_mark_kind kind;
    slice provider;
    uint64_t code;
    enum gap_mark_says says;
} gap_mark_windows[] = {
#define SAYS(id, name)
#define WINDOWS(kind, provider, code, says)                                                        \
    {GAP_MARK_##kind, S_INIT(provider), code, GAP_MARK_SAYS_##says},
#define AUDIT(kind, type, says)
#define PROGRAM(kind, program, words, says)
#include "triage/gap_marks.def"
#undef SAYS
#undef WINDOWS
#undef AUDIT
#undef PROGRAM
};

static const struct {
    enum gap_mark_kind kind;
    slice type;
    enum gap_mark_says says;
} gap_mark_audits[] = {
#define SAYS(id, name)
#define WINDOWS(kind, provider, code, says)
#define AUDIT(kind, type, says) {GAP_MARK_##kind, S_INIT(type), GAP_MARK_SAYS_##says},
#define PROGRAM(kind, program, words, says)
#include "triage/gap_marks.def"
#undef SAYS
#undef WINDOWS
#undef AUDIT
#undef PROGRAM
};

static const struct {
    enum gap_mark_kind kind;
    slice program;
    slice words;
    enum gap_mark_says says;
} gap_mark_programs[] = {
#define SAYS(id, name)
#define WINDOWS(kind, provider, code, says)
#define AUDIT(kind, type, says)
#define PROGRAM(kind, program, words, says)                                                        \
    {GAP_MARK_##kind, S_INIT(program), S_INIT(words), GAP_MARK_SAYS_##says},
#include "triage/gap_marks.def"
#undef SAYS
#undef WINDOWS
#undef AUDIT
#undef PROGRAM
};

static const slice gap_mark_names[] = {
#define SAYS(id, name) [GAP_MARK_SAYS_##id] = S_INIT(name),
#define WINDOWS(kind, provider, code, says)
#define AUDIT(kind, type, says)
#define PROGRAM(kind, program, words, says)
#include "triage/gap_marks.def"
#undef SAYS
#undef WINDOWS
#undef AUDIT
#undef PROGRAM
};

bool gap_mark_take_apart(slice text, enum gap_mark_says *says, slice *of)
{
    size_t at = slice_find(text, S(GAP_MARK_OF));
    slice name = slice_first(text, at);
    for (size_t i = 0; i < GAP_MARK_SAYS_COUNT; i++) {
        if (!slice_equal(gap_mark_names[i], name))
            continue;
        *says = (enum gap_mark_says)i;
        *of = slice_from(text, at + sizeof(GAP_MARK_OF) - 1);
        return true;
    }
    return false;
}

/* "log cleared: Application" */
static slice gap_mark_join(struct event *event, enum gap_mark_says what, slice more)
{
    slice says = gap_mark_names[what];
    struct buf joined;
    size_t len = says.len + sizeof(GAP_MARK_OF) - 1 + more.len;
    if (more.len == 0)
        return says;
    buf_init_fixed(&joined, arena_bytes(event->arena, len), len);
    buf_append(&joined, says);
    buf_append(&joined, S(GAP_MARK_OF));
    buf_append(&joined, more);
    return slice_first(buf_slice(&joined), GAP_MARK_TEXT_MAX);
}

/* The log that was cleared: a second channel beside that of the event itself. */
static slice gap_mark_channel(const struct event *event)
{
    slice own = event_value(event, S("Channel"));
    for (size_t i = 0; i < event->count; i++)
        if (slice_equal(event->fields[i].name, S("Channel")) &&
            !slice_equal(event->fields[i].value, own))
            return event->fields[i].value;
    return S("");
}

static bool gap_mark_of_windows(struct event *event, struct gap_mark *mark)
{
    slice provider = event_value(event, S("event.provider"));
    uint64_t code;
    if (!slice_to_u64(event_value(event, S("event.code")), UINT32_MAX, &code))
        return false;
    for (size_t i = 0; i < sizeof(gap_mark_windows) / sizeof(gap_mark_windows[0]); i++) {
        if (gap_mark_windows[i].code != code ||
            !slice_equal_nocase(gap_mark_windows[i].provider, provider))
            continue;
        mark->kind = gap_mark_windows[i].kind;
        mark->says = gap_mark_join(event, gap_mark_windows[i].says, gap_mark_channel(event));
        return true;
    }
    return false;
}

static bool gap_mark_of_audit(struct event *event, struct gap_mark *mark)
{
    slice type = event_value(event, S("type"));
    if (!slice_equal(event_value(event, S("event.module")), S("auditd")))
        return false;
    for (size_t i = 0; i < sizeof(gap_mark_audits) / sizeof(gap_mark_audits[0]); i++) {
        if (!slice_equal(gap_mark_audits[i].type, type))
            continue;
        bool off = slice_equal(event_value(event, S("audit_enabled")), S("0"));
        mark->kind = off ? GAP_MARK_AUDIT_OFF : gap_mark_audits[i].kind;
        mark->says =
            off ? gap_mark_names[GAP_MARK_SAYS_AUDIT_SWITCHED_OFF]
                : gap_mark_join(event, gap_mark_audits[i].says, event_value(event, S("op")));
        return true;
    }
    return false;
}

static bool gap_mark_of_program(const struct event *event, struct gap_mark *mark)
{
    slice program = event_value(event, S("process.name"));
    slice message = event_value(event, S("message"));
    if (program.len == 0 || message.len == 0)
        return false;
    for (size_t i = 0; i < sizeof(gap_mark_programs) / sizeof(gap_mark_programs[0]); i++) {
        if (!slice_equal(gap_mark_programs[i].program, program) ||
            !slice_contains(message, gap_mark_programs[i].words))
            continue;
        mark->kind = gap_mark_programs[i].kind;
        mark->says = gap_mark_names[gap_mark_programs[i].says];
        return true;
    }
    return false;
}

bool gap_mark_from_event(struct event *event, struct gap_mark *mark)
{
    *mark = (struct gap_mark){.says = S("")};
    if (!gap_mark_of_windows(event, mark) && !gap_mark_of_audit(event, mark) &&
        !gap_mark_of_program(event, mark))
        return false;
    mark->user = entity_normal_user(
        event->arena, event_value(event, S("user.name")), event_value(event, S("user.domain")));
    return true;
}
