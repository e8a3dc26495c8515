/* How fast the sorter sorts and streams give lines: bench_base. Figures are of the processor time
 * of this process, so that a busy machine does not count. Prints one line each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/base.h"
#include "base/sorter.h"
#include "wire/stream.h"

#define ITEMS      ((size_t)2000000)
#define BYTES      ((size_t)64 << 20)
#define LINE_MAX   ((size_t)1 << 20)
#define MEMORY_MAX ((size_t)32 << 20)

static double processor_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int open_temporary(void *context)
{
    (void)context;
    return memfd_create("bench", MFD_CLOEXEC);
}

static void expect(enum result result)
{
    ASSERT(result == RESULT_OK);
}

/* Keys as triage makes them: a time and a number, in no order. */
static void bench_sorter(void)
{
    char payload[100];
    struct sorter *sorter = sorter_new(MEMORY_MAX, open_temporary, NULL, "bench");
    struct sorter_reader *reader = NULL;
    slice key, item;
    size_t given = 0;
    memset(payload, 'p', sizeof(payload));
    double start = processor_seconds();
    for (uint64_t i = 0; i < ITEMS; i++) {
        uint64_t words[2] = {i * UINT64_C(0x9E3779B97F4A7C15), i};
        expect(sorter_add(
            sorter, slice_make(words, sizeof(words)), slice_make(payload, sizeof(payload)), NULL));
    }
    expect(sorter_read(sorter, &reader, NULL));
    while (sorter_next(reader, &key, &item, NULL) == RESULT_OK)
        given++;
    double seconds = processor_seconds() - start;
    printf("sorter: %zu items of 116 bytes through %zu MiB: %.0f k items/s\n", given,
        MEMORY_MAX >> 20, (double)given / seconds / 1e3);
    sorter_reader_free(reader);
    sorter_free(sorter);
}

static enum result read_memory(void *context, char *to, size_t len, size_t *got, struct error *err)
{
    (void)err;
    slice *rest = context;
    *got = size_min(len, rest->len);
    memcpy(to, rest->at, *got);
    *rest = slice_from(*rest, *got);
    return RESULT_OK;
}

static void bench_lines(size_t line_len)
{
    char *bytes = malloc(BYTES);
    ASSERT(bytes != NULL);
    memset(bytes, 'x', BYTES);
    for (size_t at = line_len; at < BYTES; at += line_len + 1)
        bytes[at] = '\n';
    slice rest = slice_make(bytes, BYTES);
    struct stream *stream = stream_new(read_memory, &rest);
    struct stream_line line;
    size_t lines = 0;
    double start = processor_seconds();
    while (stream_next_line(stream, LINE_MAX, &line, NULL) == RESULT_OK)
        lines++;
    double seconds = processor_seconds() - start;
    printf("stream: lines of %zu bytes: %.1f M lines/s, %.0f MB/s\n", line_len,
        (double)lines / seconds / 1e6, (double)BYTES / seconds / 1e6);
    stream_free(stream);
    free(bytes);
}

int main(void)
{
    bench_sorter();
    bench_lines(20);
    bench_lines(120);
    bench_lines(2000);
    return 0;
}
