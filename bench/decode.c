/* How fast a format is decoded into events: bench_decode [-n ROUNDS] [-f FORMAT] [-r]
 * [-d | -D DIR [-c]] [-p] FILE...
 *
 * Files are read into memory first and decoded ROUNDS times from there; -r recovers records too,
 * and -d runs the shipped product definitions over each event, -D those of a folder as well, -c
 * with the derived fields that only `hikeshi decode` shows. Figures are of the processor time of
 * this process, so that a busy machine does not count; bytes of an EVTX file are those that its
 * chunks use, not the space after them. Prints one line a file and a total; with -p, instead, the
 * events as JSON, one a line, for tests that compare them with what other programs read. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"
#include "decode/decode.h"
#include "decode/evtx_chunk.h"
#include "decode/product.h"
#include "wire/json_writer.h"
#include "wire/reader.h"

struct figures {
    struct product_applier *applier; /* -d, or NULL */
    uint64_t records;
    uint64_t events;
    uint64_t fields;
    uint64_t undecoded;
    uint64_t bytes;
    double seconds;
};

static enum result count_event(void *context, struct event *event)
{
    struct figures *figures = context;
    if (figures->applier != NULL)
        product_apply(figures->applier, event);
    figures->events++;
    figures->fields += event->count;
    return RESULT_OK;
}

/* -p */
static enum result print_event(void *context, struct event *event)
{
    const struct figures *figures = context;
    struct json_writer json;
    struct buf line;
    if (figures->applier != NULL)
        product_apply(figures->applier, event);
    buf_init(&line, SIZE_MAX / 2);
    json_begin(&json, &line);
    event_write_json(event, &json, false);
    buf_append_byte(&line, '\n');
    fwrite(line.at, 1, line.len, stdout);
    buf_free(&line);
    return RESULT_OK;
}

static void count_undecoded(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct figures *figures = context;
    (void)number;
    (void)offset;
    (void)why;
    figures->undecoded++;
}

static double processor_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static slice read_whole(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        perror(path);
        exit(2);
    }
    size_t len = (size_t)status.st_size;
    char *bytes = malloc(len + 1);
    for (size_t at = 0; bytes != NULL && at < len;) {
        ssize_t got = read(file, bytes + at, len - at);
        if (got <= 0) {
            perror(path);
            exit(2);
        }
        at += (size_t)got;
    }
    close(file);
    return slice_make(bytes, bytes == NULL ? 0 : len);
}

/* Bytes of chunks up to their free space (doc/formats/evtx.md). */
static uint64_t used_bytes(const struct decode_format *format, slice bytes)
{
    const size_t header = 4096, free_space_at = 48;
    uint64_t used = 0;
    if (!slice_equal(format->name, S("evtx")))
        return bytes.len;
    for (slice chunk = slice_from(bytes, header); chunk.len > 0;
         chunk = slice_from(chunk, EVTX_CHUNK_SIZE)) {
        struct reader reader = reader_over(slice_first(chunk, EVTX_CHUNK_SIZE));
        reader_seek(&reader, free_space_at);
        uint32_t end = reader_u32(&reader);
        if (slice_starts(chunk, evtx_chunk_magic) && end <= EVTX_CHUNK_SIZE)
            used += end;
    }
    return used;
}

static void decode_once(const struct decode_format *format, slice bytes,
    const struct decode_options *options, bool print, struct figures *figures)
{
    struct arena arena = {0};
    struct event event = {0};
    struct error err;
    struct decode_job job = {.options = options,
        .arena = &arena,
        .event = &event,
        .context = figures,
        .on_event = print ? print_event : count_event,
        .on_undecoded = count_undecoded};
    struct stream *stream = stream_from_memory(bytes);
    if (format->decode(&job, stream, &err) != RESULT_OK)
        fprintf(stderr, "%.*s\n", (int)err.message_len, err.message);
    figures->records += job.records;
    figures->bytes += used_bytes(format, bytes);
    stream_free(stream);
    arena_free(&arena);
}

static void print_figures(const char *name, const struct figures *figures)
{
    double seconds = figures->seconds > 0 ? figures->seconds : 1e-9;
    printf("%10.0f records/s %8.1f MB/s %9llu records %6llu undecoded %5.1f fields/event  %s\n",
        (double)figures->records / seconds, (double)figures->bytes / seconds / 1e6,
        (unsigned long long)figures->records, (unsigned long long)figures->undecoded,
        figures->events > 0 ? (double)figures->fields / (double)figures->events : 0.0, name);
}

static void bench_file(const char *path, slice format_name, int64_t rounds, bool print,
    const struct decode_options *options, struct figures *total)
{
    struct figures figures = {.applier = total->applier};
    slice bytes = read_whole(path);
    slice head = slice_first(bytes, DECODE_SNIFF_LEN);
    const struct decode_format *format =
        format_name.len > 0 ? decode_format_named(format_name)
                            : decode_recognise(head, head.len == bytes.len, options);
    if (format == NULL) {
        fprintf(stderr, "%s: no such format\n", path);
        exit(2);
    }
    double begin = processor_seconds();
    for (int64_t round = 0; round < rounds; round++)
        decode_once(format, bytes, options, print, &figures);
    figures.seconds = processor_seconds() - begin;
    if (!print)
        print_figures(path, &figures);
    total->records += figures.records;
    total->events += figures.events;
    total->fields += figures.fields;
    total->undecoded += figures.undecoded;
    total->bytes += figures.bytes;
    total->seconds += figures.seconds;
    free((void *)(uintptr_t)bytes.at);
}

/* Every definition of a folder; those that are refused are told. */
static void add_definitions(struct products *products, const char *folder)
{
    DIR *files = opendir(folder);
    struct dirent *file;
    if (files == NULL) {
        perror(folder);
        exit(2);
    }
    while ((file = readdir(files)) != NULL) {
        struct error err;
        struct buf path;
        if (!slice_ends(slice_from_cstr(file->d_name), S(".yml")))
            continue;
        buf_init(&path, PATH_MAX);
        buf_append(&path, slice_from_cstr(folder));
        buf_append_byte(&path, '/');
        buf_append(&path, slice_from_cstr(file->d_name));
        buf_append_byte(&path, '\0');
        slice yaml = read_whole(path.at);
        if (products_add(products, slice_from_cstr(file->d_name), yaml, &err) != RESULT_OK)
            fprintf(stderr, "%.*s\n", (int)err.message_len, err.message);
        free((void *)(uintptr_t)yaml.at);
        buf_free(&path);
    }
    closedir(files);
}

static struct product_applier *load_applier(const char *folder)
{
    struct products *products;
    struct error err;
    if (products_new(&products, NULL, NULL, &err) != RESULT_OK)
        exit(2);
    if (folder != NULL)
        add_definitions(products, folder);
    products_finish(products);
    return product_applier_new(products);
}

int main(int argc, char **argv)
{
    struct decode_options options = {0};
    struct figures total = {0};
    struct rusage usage;
    slice format = S("");
    int64_t rounds = 1;
    bool print = false;
    int option;
    while ((option = getopt(argc, argv, "n:f:rpdD:c")) != -1) {
        if (option == 'f')
            format = slice_from_cstr(optarg);
        else if (option == 'r')
            options.recover = true;
        else if (option == 'd')
            total.applier = load_applier(NULL);
        else if (option == 'D')
            total.applier = load_applier(optarg);
        else if (option == 'c' && total.applier != NULL)
            product_applier_complete(total.applier);
        else if (option == 'p')
            print = true;
        else if (option != 'n' || !slice_to_i64(slice_from_cstr(optarg), &rounds))
            return 2;
    }
    for (int i = optind; i < argc; i++)
        bench_file(argv[i], format, rounds, print, &options, &total);
    if (print)
        return 0;
    print_figures("total", &total);
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("%10ld KiB at most resident, files included\n", usage.ru_maxrss);
    return 0;
}
