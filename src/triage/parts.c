/* See parts.h. A part that is read again begins anew: what its first worker said of it is dropped
 * (signs come again under the same key and count once). */
#include "triage/parts.h"

#include "base/base.h"
#include "decode/evtx.h"
#include "triage/receive.h"

/* Times that a part is given out: it may end two workers, and the first part is then read once more
 * without its records, for the hash of the file. */
#define PARTS_TRIES_MAX  3
#define PARTS_GIVE_UP_AT 2
#define PARTS_KINDS      (PROTOCOL_UNKNOWN + 1)

struct part_problem {
    uint8_t kind;
    slice message, english;
};

struct part {
    bool waits;
    unsigned deaths;
    bool ended; /* `tally` is set */
    struct state_tally tally;
    struct part_problem *problems;
    size_t problem_count;
    size_t problem_capacity;
};

struct state_parts {
    uint32_t file;
    uint32_t count;
    uint32_t waiting;
    struct part *items;
    struct state_parts *next;
};

static struct part *parts_item(struct state *state, uint32_t file, uint32_t part)
{
    struct state_parts *parts = state->files[file].parts;
    ASSERT(parts != NULL && part < parts->count);
    return &parts->items[part];
}

bool parts_begin(struct state *state, struct pool_worker *worker, uint32_t count)
{
    struct state_file *file = &state->files[worker->file];
    struct arena *arena = &state->result->arena;
    if (file->parts != NULL || worker->part != PROTOCOL_NO_PART || state->round != 1 ||
        file->size < PARTS_FILE_MIN || count < 2 || count > file->size / EVTX_PART_SIZE + 1)
        return false;
    struct state_parts *parts = ARENA_NEW(arena, struct state_parts);
    *parts = (struct state_parts){.file = worker->file,
        .count = count,
        .waiting = count - 1,
        .items = ARENA_ARRAY(arena, struct part, count)};
    for (uint32_t i = 1; i < count; i++)
        parts->items[i].waits = true;
    struct state_parts **link = &state->parts;
    while (*link != NULL)
        link = &(*link)->next;
    *link = parts;
    file->parts = parts;
    worker->part = 0;
    return true;
}

bool parts_next(struct state *state, uint32_t *file, uint32_t *part)
{
    struct state_parts *parts = state->parts;
    while (parts != NULL && parts->waiting == 0)
        parts = parts->next;
    if (parts == NULL || state->stopping)
        return false;
    uint32_t number = 0;
    while (!parts->items[number].waits)
        number++;
    parts->items[number].waits = false;
    parts->waiting--;
    *file = parts->file;
    *part = number;
    return true;
}

struct decode_part parts_bounds(const struct state_file *file, uint32_t part)
{
    return part == PROTOCOL_NO_PART ? (struct decode_part){0} : evtx_part(part, file->parts->count);
}

uint64_t parts_len(const struct state_file *file, uint32_t part)
{
    struct decode_part bounds = parts_bounds(file, part);
    uint64_t to = bounds.to == 0 ? file->size : bounds.to;
    return to > bounds.from ? to - bounds.from : 0;
}

void parts_problem(
    struct state *state, const struct pool_worker *worker, uint8_t kind, const struct error *why)
{
    struct part *part = parts_item(state, worker->file, worker->part);
    if (part->problem_count == PROTOCOL_PROBLEMS_MAX * PARTS_KINDS)
        return;
    if (part->problem_count == part->problem_capacity)
        part->problems = arena_grow(&state->result->arena, part->problems, &part->problem_capacity,
            sizeof(*part->problems));
    part->problems[part->problem_count++] = (struct part_problem){.kind = kind,
        .message = arena_copy(&state->result->arena, error_message(why)),
        .english = arena_copy(&state->result->arena, error_message_english(why))};
}

void parts_tally(
    struct state *state, const struct pool_worker *worker, const struct state_tally *tally)
{
    struct part *part = parts_item(state, worker->file, worker->part);
    part->tally = *tally;
    part->ended = true;
}

void parts_died(struct state *state, const struct pool_worker *worker)
{
    struct state_file *file = &state->files[worker->file];
    struct part *part = parts_item(state, worker->file, worker->part);
    struct decode_part bounds = parts_bounds(file, worker->part);
    struct error why;
    part->deaths++;
    if (part->deaths < PARTS_GIVE_UP_AT) {
        part->ended = false;
        part->problem_count = 0;
    } else if (part->deaths == PARTS_GIVE_UP_AT) {
        (void)error_set(&why, RESULT_MALFORMED, TEXT_TRIAGE_CRASHED_PART, ARG(file->path),
            ARG(atomic_load(&worker->shared->number)), ARG(bounds.from));
        parts_problem(state, worker, PROTOCOL_UNREAD, &why);
        file->first_object = worker->part == 0 ? 1 : file->first_object;
    }
    if (part->deaths < PARTS_GIVE_UP_AT || (worker->part == 0 && part->deaths < PARTS_TRIES_MAX)) {
        part->waits = true;
        file->parts->waiting++;
    } else {
        state->bytes_done += parts_len(file, worker->part);
    }
}

/* --- together --- */

static void parts_finish_problems(struct state *state, struct state_file *file,
    struct state_object *object, const struct part *part, unsigned said[PARTS_KINDS])
{
    for (size_t i = 0; i < part->problem_count; i++) {
        const struct part_problem *problem = &part->problems[i];
        if (said[problem->kind]++ >= PROTOCOL_PROBLEMS_MAX)
            continue;
        struct error why = {.code = RESULT_MALFORMED};
        error_restore(&why, problem->message, problem->english);
        receive_report(state, &why);
        receive_note(state, file, &object->source.note, &object->source.note_en, &why);
    }
}

static void parts_finish_file(struct state *state, struct state_parts *parts)
{
    struct state_file *file = &state->files[parts->file];
    unsigned said[PARTS_KINDS] = {0};
    if (file->object_count == 0)
        return;
    struct state_object *object = &file->objects[0];
    for (uint32_t i = 0; i < parts->count; i++) {
        parts_finish_problems(state, file, object, &parts->items[i], said);
        if (parts->items[i].ended)
            receive_tally(state, object, &parts->items[i].tally);
    }
}

void parts_finish(struct state *state)
{
    for (struct state_parts *parts = state->parts; parts != NULL; parts = parts->next)
        parts_finish_file(state, parts);
}
