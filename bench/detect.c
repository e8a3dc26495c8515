/* How fast events are decoded and matched: bench_detect [-n ROUNDS] RULES-DIR... -- FILE...
 *
 * The rules are loaded and compiled with the shipped mapping of log sources. Each file is decoded
 * (product definitions applied) without matching and with it, ROUNDS times from memory; times are
 * processor time of this process. Prints one line for loading, one a file, and a total. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base.h"
#include "base/embed.h"
#include "decode/decode.h"
#include "decode/product.h"
#include "detect/detect.h"
#include "input/walk.h"
#include "proc/file.h"
#include "wire/json.h"

#define BENCH_FILE_MAX ((size_t)4 << 30)

struct figures {
    const struct products *products;
    struct product_applier *applier;
    struct detect_matcher *matcher;
    bool matching;
    uint64_t events, hits, bytes;
    double parse_seconds, match_seconds; /* match: parsing included */
};

static double processor_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const struct error *err)
{
    fprintf(stderr, "%.*s\n", (int)err->message_len, err->message);
    exit(2);
}

static slice read_whole(struct arena *arena, const char *path)
{
    struct error err;
    slice content = {NULL, 0};
    if (file_read(arena, path, BENCH_FILE_MAX, &content, &err) != RESULT_OK)
        fail(&err);
    return content;
}

static void load(struct rule_set *set, struct arena *arena, const char *path)
{
    struct walk walk = {0};
    struct error err;
    if (walk_add(&walk, path, &err) != RESULT_OK)
        fail(&err);
    for (size_t i = 0; i < walk.count; i++) {
        slice name = slice_from_cstr(walk.files[i].path);
        if (slice_ends(name, S(".yml")) && !slice_ends(name, S("/logsources.yml")))
            rule_set_add(set, name, read_whole(arena, walk.files[i].path), false);
    }
    walk_free(&walk);
}

static enum result match(void *context, struct event *event)
{
    struct figures *figures = context;
    size_t count;
    product_apply(figures->applier, event);
    if (!figures->matching)
        return RESULT_OK;
    (void)detect_match(figures->matcher, event, &count);
    figures->events++;
    figures->hits += count;
    return RESULT_OK;
}

static void undecoded(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)context;
    (void)number;
    (void)offset;
    (void)why;
}

static double rate(uint64_t count, double seconds)
{
    return (double)count / (seconds > 0 ? seconds : 1e-9);
}

static void print_figures(const char *name, const struct figures *figures)
{
    printf("parse %8.0f events/s %7.1f MB/s  and match %8.0f events/s %7.1f MB/s %9llu events "
           "%7llu hits  %s\n",
        rate(figures->events, figures->parse_seconds),
        rate(figures->bytes, figures->parse_seconds) / 1e6,
        rate(figures->events, figures->match_seconds),
        rate(figures->bytes, figures->match_seconds) / 1e6, (unsigned long long)figures->events,
        (unsigned long long)figures->hits, name);
}

/* Decodes the file once, and matches its events or not; gives the processor time that it took. */
static double run_once(struct figures *figures, slice content, bool matching)
{
    struct arena arena = {0};
    struct event event = {0};
    struct error err;
    struct decode_options options = {.products = figures->products};
    struct decode_job job = {.options = &options,
        .arena = &arena,
        .event = &event,
        .context = figures,
        .on_event = match,
        .on_undecoded = undecoded};
    const struct decode_format *format = decode_recognise(
        slice_first(content, DECODE_SNIFF_LEN), content.len <= DECODE_SNIFF_LEN, &options);
    struct stream *stream = stream_from_memory(content);
    double before = processor_seconds();
    figures->matching = matching;
    if (format != NULL && format->decode(&job, stream, &err) != RESULT_OK)
        fail(&err);
    double seconds = processor_seconds() - before;
    stream_free(stream);
    arena_free(&arena);
    return seconds;
}

static void match_file(struct figures *total, const char *path, unsigned rounds)
{
    struct arena arena = {0};
    struct figures figures = {
        .products = total->products, .applier = total->applier, .matcher = total->matcher};
    slice content = read_whole(&arena, path);
    for (unsigned i = 0; i < rounds; i++) {
        figures.parse_seconds += run_once(&figures, content, false);
        figures.match_seconds += run_once(&figures, content, true);
        figures.bytes += content.len;
    }
    print_figures(path, &figures);
    total->events += figures.events;
    total->hits += figures.hits;
    total->bytes += figures.bytes;
    total->parse_seconds += figures.parse_seconds;
    total->match_seconds += figures.match_seconds;
    arena_free(&arena);
}

static void ignore_refused(void *context, const struct error *why)
{
    (void)context;
    (void)why;
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    struct rule_set *set = rule_set_new(NULL);
    struct detect_program *program = NULL;
    struct products *products = NULL;
    struct figures total = {0};
    struct error err;
    size_t count;
    int at = 1;
    unsigned rounds = 1;
    uint64_t number;
    if (argc > 2 && slice_equal(slice_from_cstr(argv[1]), S("-n")) &&
        slice_to_u64(slice_from_cstr(argv[2]), 10000, &number)) {
        rounds = (unsigned)number;
        at = 3;
    }
    slice mapping = embed_find(S("rules/logsources.yml"))->content;
    json_prepare();
    double begin = processor_seconds();
    if (rule_set_log_sources(set, S("rules/logsources.yml"), mapping, &err) != RESULT_OK)
        fail(&err);
    for (; at < argc && !slice_equal(slice_from_cstr(argv[at]), S("--")); at++)
        load(set, &arena, argv[at]);
    if (detect_compile(set, &program, &err) != RESULT_OK)
        fail(&err);
    (void)rule_set_rules(set, &count);
    printf("%zu rules loaded and compiled in %.2f s\n", count, processor_seconds() - begin);
    if (products_new(&products, ignore_refused, NULL, &err) != RESULT_OK)
        fail(&err);
    products_finish(products);
    total.products = products;
    total.applier = product_applier_new(products);
    total.matcher = detect_matcher_new(program);
    for (at++; at < argc; at++)
        match_file(&total, argv[at], rounds);
    print_figures("total", &total);
    detect_matcher_free(total.matcher);
    detect_program_free(program);
    product_applier_free(total.applier);
    products_free(products);
    rule_set_free(set);
    arena_free(&arena);
    return 0;
}
