/* See rule_cache.h. */
#include "command/rule_cache.h"

#include <link.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/base.h"
#include "base/version.h"
#include "proc/cache.h"
#include "proc/file.h"

#define RULE_CACHE_FILES_MAX ((size_t)4)
#define RULE_CACHE_MAPS_MAX  ((size_t)16 << 20)

static const slice rule_cache_prefix = S_INIT("rules-");

/* --- the key --- */

/* The linker's build id (a note named GNU of type NT_GNU_BUILD_ID), by the program's own headers.
 */
static slice rule_cache_build_id(void)
{
    const ElfW(Phdr) *headers = (const void *)(uintptr_t)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);
    uintptr_t base = 0;
    for (size_t i = 0; i < count; i++)
        if (headers[i].p_type == PT_PHDR)
            base = (uintptr_t)headers - headers[i].p_vaddr;
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type != PT_NOTE)
            continue;
        slice notes = slice_make((const void *)(base + headers[i].p_vaddr), headers[i].p_memsz);
        while (notes.len >= sizeof(ElfW(Nhdr))) {
            ElfW(Nhdr) note;
            memcpy(&note, notes.at, sizeof(note));
            size_t name_len = (note.n_namesz + 3U) & ~(size_t)3;
            size_t text_len = (note.n_descsz + 3U) & ~(size_t)3;
            slice name = slice_sub(notes, sizeof(note), note.n_namesz);
            if (note.n_type == NT_GNU_BUILD_ID && slice_equal(name, slice_make("GNU", 4)))
                return slice_sub(notes, sizeof(note) + name_len, note.n_descsz);
            notes = slice_from(notes, sizeof(note) + name_len + text_len);
        }
    }
    return (slice){NULL, 0};
}

bool rule_cache_key_begin(struct hasher *hasher)
{
    char version[64] = {0};
    slice build = rule_cache_build_id();
    int len = pcre2_config(PCRE2_CONFIG_VERSION, NULL);
    if (build.len == 0 || len < 0 || (size_t)len > sizeof(version))
        return false;
    (void)pcre2_config(PCRE2_CONFIG_VERSION, version);
    hasher_add(hasher, build);
    hasher_add(hasher, slice_from_cstr(version_string()));
    hasher_add(hasher, slice_make(version, sizeof(version)));
    hasher_add(hasher, text_lang() == TEXT_LANG_JA ? S("ja") : S("en"));
    return true;
}

/* --- finding --- */

static void rule_cache_name(hash_sha256 key, char name[CACHE_NAME_MAX])
{
    struct buf out;
    buf_init_fixed(&out, name, CACHE_NAME_MAX);
    buf_append(&out, rule_cache_prefix);
    buf_append_hex(&out, slice_make(key.bytes, sizeof(key.bytes)));
    buf_append_byte(&out, '\0');
}

struct detect_program *rule_cache_find(hash_sha256 key, struct region **region)
{
    char name[CACHE_NAME_MAX];
    size_t size;
    rule_cache_name(key, name);
    int fd = cache_open(name, &size);
    if (fd < 0)
        return NULL;
    *region = region_map(fd, size);
    close(fd);
    if (*region == NULL)
        return NULL;
    struct detect_program *program = region_root(*region);
    detect_program_thaw(program);
    return program;
}

/* --- keeping --- */

struct rule_cache_range {
    uint64_t first, end;
};

/* What can be read in this process above the region, in ascending order: programs, libraries, heaps
 * and stacks. Below it is at most the shadow of a sanitizer, where pairs of small numbers would
 * look like addresses. What a sanitizer has set aside above it, where six letters would, cannot be
 * read: nothing stands there that could be pointed to. */
static size_t rule_cache_ranges(struct arena *arena, slice region, struct rule_cache_range **ranges)
{
    struct error err;
    slice maps, line, from, to, rights;
    size_t count = 0;
    size_t capacity = 0;
    *ranges = NULL;
    if (file_read(arena, "/proc/self/maps", RULE_CACHE_MAPS_MAX, &maps, &err) != RESULT_OK)
        return 0;
    while (slice_next(&maps, '\n', &line)) {
        struct rule_cache_range range;
        (void)slice_cut(line, ' ', &line, &rights);
        if (!slice_cut(line, '-', &from, &to) || !slice_to_hex_u64(from, &range.first) ||
            !slice_to_hex_u64(to, &range.end) || range.first <= (uintptr_t)region.at ||
            slice_starts(rights, S("---")))
            continue;
        if (count == capacity)
            *ranges = arena_grow(arena, *ranges, &capacity, sizeof(**ranges));
        (*ranges)[count++] = range;
    }
    return count;
}

static bool rule_cache_is_in(const struct rule_cache_range *ranges, size_t count, uint64_t address)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (address >= ranges[middle].end)
            low = middle + 1;
        else if (address < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

/* Whether nothing in the region points out of it: such a pointer would lead anywhere in the process
 * that maps the file. Empty slices, whose pointer is never followed, may. */
static bool rule_cache_is_closed(slice region)
{
    struct arena arena = {0};
    struct rule_cache_range *ranges;
    size_t count = rule_cache_ranges(&arena, region, &ranges);
    bool closed = count > 0;
    for (size_t at = 0; at + 2 * sizeof(uint64_t) <= region.len && closed; at += sizeof(uint64_t)) {
        uint64_t words[2];
        memcpy(words, region.at + at, sizeof(words));
        closed = words[1] == 0 || words[0] == 0 || words[0] >> 47 != 0 ||
                 !rule_cache_is_in(ranges, count, words[0]);
    }
    arena_free(&arena);
    return closed;
}

void rule_cache_keep(hash_sha256 key, struct detect_program *program, struct region *region)
{
    char name[CACHE_NAME_MAX];
    rule_cache_name(key, name);
    region_set_root(region, program);
    detect_program_freeze(program);
    slice bytes = region_bytes(region);
    if (!slice_is_absent(bytes) && rule_cache_is_closed(bytes))
        cache_store(name, bytes);
    detect_program_thaw(program);
    cache_trim(rule_cache_prefix, RULE_CACHE_FILES_MAX);
}
