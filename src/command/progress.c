/* See progress.h. One line, written over itself. */
#include "command/progress.h"

#include <unistd.h>

#include "base/base.h"

#define PROGRESS_BAR_CELLS 20U

static void progress_write(slice bytes)
{
    ssize_t written = write(STDERR_FILENO, bytes.at, bytes.len);
    (void)written;
}

void progress_begin(struct progress *progress)
{
    *progress = (struct progress){.terminal = isatty(STDERR_FILENO) == 1};
}

void progress_clear(struct progress *progress)
{
    if (progress->shown)
        progress_write(S("\r\x1b[K"));
    progress->shown = false;
}

static void progress_bar(struct buf *line, uint64_t bytes, uint64_t total)
{
    uint64_t full = total == 0 ? 0 : bytes * PROGRESS_BAR_CELLS / total;
    for (uint64_t i = 0; i < PROGRESS_BAR_CELLS; i++)
        buf_append(line, i < full ? S("\xe2\x96\x88") : S("\xe2\x96\x91"));
}

void progress_show(struct progress *progress, const struct triage_progress *now)
{
    char memory[512];
    struct buf line;
    if (!progress->terminal)
        return;
    uint64_t bytes = now->bytes < now->bytes_total ? now->bytes : now->bytes_total;
    uint64_t elapsed_ms = (uint64_t)(now->elapsed_ns / 1000000) + 1;
    uint64_t left_s = bytes == 0 ? 0 : (now->bytes_total - bytes) * elapsed_ms / bytes / 1000;
    buf_init_fixed(&line, memory, sizeof(memory));
    buf_append(&line, S("\r\x1b[K"));
    progress_bar(&line, bytes, now->bytes_total);
    buf_append_byte(&line, ' ');
    text_append(&line, TEXT_PROGRESS, ARG(now->records), ARG(bytes / 1000 / elapsed_ms),
        ARG(left_s), ARG(now->signs));
    progress_write(buf_slice(&line));
    progress->shown = true;
}
