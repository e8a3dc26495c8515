/* EVTX: what records say, what damage costs, what bombs may not do. All files are built here. */
#include "decode/evtx.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "decode/evtx_builder.h"
#include "decode/evtx_chunk.h"
#include "decode/evtx_record.h"
#include "decode/evtx_value.h"

#define HEADER     4096
#define CHUNK_HEAD 512
/* 2020-08-18T13:45:57.480354300Z */
#define FILETIME "\x57\xe4\x96\xe6\x65\x75\xd6\x01"
#define TIME_NS  INT64_C(1597758357480354300)

static struct arena arena;
static struct evtx_builder chunk;
static struct buf file;
static struct buf fields;   /* of the last event: name=value, joined with '|' */
static struct buf messages; /* what was reported */

struct seen {
    uint64_t numbers[64]; /* of the events, in order */
    size_t events;
    size_t recovered;
    size_t undecoded;
    size_t notes;
    uint64_t records;
    int64_t time_ns;
    uint64_t offset;
    size_t text; /* bytes of names and values */
    enum result stop;
    bool is_windows; /* event.module */
};

static struct seen seen;

static enum result on_event(void *context, struct event *event)
{
    (void)context;
    if (seen.events < 64)
        seen.numbers[seen.events] = event->record.number;
    seen.events++;
    seen.recovered += event->recovered;
    seen.time_ns = event->time_ns;
    seen.offset = event->record.offset;
    seen.is_windows = slice_equal(event_value(event, S("event.module")), S("windows"));
    buf_clear(&fields);
    for (size_t i = 0; i < event->count && !event->fields[i].ecs; i++) {
        if (i > 0)
            buf_append_byte(&fields, '|');
        buf_append(&fields, event->fields[i].name);
        buf_append_byte(&fields, '=');
        buf_append(&fields, event->fields[i].value);
        seen.text += event->fields[i].name.len + event->fields[i].value.len;
    }
    return seen.stop;
}

static void on_undecoded(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)context;
    (void)number;
    seen.undecoded++;
    seen.offset = offset;
    buf_append(&messages, error_message(why));
    buf_append_byte(&messages, '\n');
}

static void on_note(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)context;
    (void)number;
    (void)offset;
    seen.notes++;
    buf_append(&messages, error_message(why));
    buf_append_byte(&messages, '\n');
}

static struct decode_part wanted; /* what is decoded of the file */

static enum result decode_stream(struct stream *stream, bool recover)
{
    struct decode_options options = {.recover = recover, .part = wanted};
    struct event event = {0};
    struct error err;
    struct decode_job job = {.options = &options,
        .arena = &arena,
        .event = &event,
        .on_event = on_event,
        .on_undecoded = on_undecoded,
        .on_note = on_note};
    enum result stop = seen.stop;
    seen = (struct seen){.stop = stop};
    buf_clear(&messages);
    enum result result = evtx_decode(&job, stream, &err);
    seen.records = job.records;
    return result;
}

static void decode_bytes(slice bytes, bool recover)
{
    struct stream *stream = stream_from_memory(bytes);
    assert_int_equal(decode_stream(stream, recover), RESULT_OK);
    stream_free(stream);
}

static void decode(void)
{
    decode_bytes(buf_slice(&file), false);
}

static void expect_fields(const char *want)
{
    slice text = buf_slice(&fields);
    assert_int_equal(seen.undecoded, 0);
    if (!slice_equal(text, slice_from_cstr(want)))
        fail_msg("fields are\n%.*s\nwanted\n%s", (int)text.len, text.at, want);
}

static void expect_message(slice part)
{
    slice text = buf_slice(&messages);
    if (!slice_contains(text, part))
        fail_msg("messages are\n%.*swanted\n%.*s", (int)text.len, text.at, (int)part.len, part.at);
}

static void begin(void)
{
    buf_clear(&file);
    evtx_builder_begin(&chunk);
}

/* A file of one chunk with what was built. */
static void end(void)
{
    evtx_builder_finish(&chunk);
    evtx_builder_header(&file, 1, 0);
    evtx_builder_append(&chunk, &file);
}

/* Decodes one record of this template and values. */
static void decode_one(const char *xml, const struct evtx_builder_value *values, size_t count)
{
    struct evtx_builder_template template = {.id = 7, .xml = xml};
    begin();
    (void)evtx_builder_record(&chunk, 1, 0, &template, values, count);
    end();
    decode();
    assert_int_equal(seen.events, 1);
}

#define DECODE_ONE(xml, ...)                                                                       \
    decode_one(xml, (const struct evtx_builder_value[]){__VA_ARGS__},                              \
        sizeof((const struct evtx_builder_value[]){__VA_ARGS__}) /                                 \
            sizeof(struct evtx_builder_value))
#define STRING(value)                                                                              \
    {                                                                                              \
        .type = EVTX_STRING, .text = (value)                                                       \
    }
#define BYTES(t, value)                                                                            \
    {                                                                                              \
        .type = (t), .bytes = S(value)                                                             \
    }
#define NOTHING                                                                                    \
    {                                                                                              \
        .type = EVTX_NULL, .bytes = S("")                                                          \
    }

static const struct evtx_builder_template data_template = {.id = 0x1111,
    .xml = "<EventData><Data Name=\"User\">{0:01}</Data><Data Name=\"Logon\">{1:08}</Data>"
           "</EventData>"};
static const struct evtx_builder_template event_template = {.id = 0x2222,
    .xml =
        "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System>"
        "<Provider Name=\"Test\" Guid=\"{0?0f}\"/><EventID Qualifiers=\"{1?06}\">{2?06}</EventID>"
        "<TimeCreated SystemTime=\"{3?11}\"/><EventRecordID>{4?0a}</EventRecordID>"
        "<Correlation ActivityID=\"{5?0f}\"/><Execution ProcessID=\"{6?08}\" ThreadID=\"{7?08}\"/>"
        "<Channel>{8?01}</Channel><Security UserID=\"{9?13}\"/></System>{10?21}</Event>"};

/* Appends the record of a usual event. */
static size_t add_event(uint64_t number, const char *user)
{
    char id[8];
    for (size_t i = 0; i < sizeof(id); i++)
        id[i] = (char)(number >> (8 * i));
    const struct evtx_builder_value data[] = {STRING(user), BYTES(EVTX_UINT32, "\3\0\0\0")};
    const struct evtx_builder_value values[] = {NOTHING, NOTHING, BYTES(EVTX_UINT16, "\x10\x12"),
        BYTES(EVTX_FILETIME, FILETIME), {.type = EVTX_UINT64, .bytes = slice_make(id, 8)}, NOTHING,
        BYTES(EVTX_UINT32, "\4\0\0\0"), BYTES(EVTX_UINT32, "\x08\0\0\0"), STRING("Security"),
        BYTES(EVTX_SID, "\1\1\0\0\0\0\0\5\x12\0\0\0"),
        {.type = EVTX_XML, .nested = &data_template, .values = data, .count = 2}};
    return evtx_builder_record(&chunk, number, 1, &event_template, values, 11);
}

static void usual_event(void **state)
{
    (void)state;
    begin();
    size_t at = add_event(4711, "alice");
    end();
    decode();
    expect_fields("Provider_Name=Test|EventID=4624|TimeCreated=2020-08-18T13:45:57.480354300Z"
                  "|EventRecordID=4711|Execution_ProcessID=4|Execution_ThreadID=8"
                  "|Channel=Security|UserID=S-1-5-18|User=alice|Logon=3");
    assert_int_equal(seen.time_ns, TIME_NS);
    assert_int_equal(seen.numbers[0], 4711);
    assert_int_equal(seen.offset, HEADER + at);
    assert_int_equal(seen.records, 1);
    assert_int_equal(seen.notes, 0);
    assert_true(seen.is_windows);
}

/* The record's own number and time serve where System has none. */
static void time_and_number(void **state)
{
    (void)state;
    begin();
    (void)evtx_builder_plain_record(&chunk, 12, UINT64_C(116444736000000000) + 10000000,
        "<Event><System/><EventData/></Event>");
    end();
    decode();
    expect_fields("");
    assert_int_equal(seen.time_ns, 1000000000);
    assert_int_equal(seen.numbers[0], 12);
    begin();
    (void)evtx_builder_plain_record(&chunk, 12, 0,
        "<Event><System><TimeCreated "
        "SystemTime=\"2020-08-18T13:45:57.4803543Z\"/></System></Event>");
    end();
    decode();
    expect_fields("TimeCreated=2020-08-18T13:45:57.4803543Z");
    assert_int_equal(seen.time_ns, TIME_NS);
}

static void names(void **state)
{
    (void)state;
    DECODE_ONE(
        "<Event><EventData Name=\"E\"><Data Name=\"a b\">{0:01}</Data><Data>{1:01}</Data>"
        "<Data Name=\"{2:01}\">3</Data><Data Name=\"x{2:01}y\">4</Data><Binary>{3:0e}</Binary>"
        "<Data Name=\"\">5</Data></EventData></Event>",
        STRING("1"), STRING("2"), STRING("n"), BYTES(EVTX_BINARY, "\xab"));
    expect_fields("EventData_Name=E|a b=1|Data=2|n=3|xny=4|Binary=AB|Data=5");
    DECODE_ONE(
        "<Event><UserData><a:Cleared xmlns=\"urn:x\" "
        "xmlns:a=\"urn:y\"><Deep><a:Name>{0:01}</a:Name>"
        "</Deep><Error Code=\"{1:08}\"/><EventID>5</EventID><Channel>Log</Channel></a:Cleared>"
        "</UserData></Event>",
        STRING("v"), BYTES(EVTX_UINT32, "\7\0\0\0"));
    expect_fields("Name=v|Error_Code=7|EventData_EventID=5|Channel=Log");
    DECODE_ONE("<Event><RenderingInfo Culture=\"en\"><Message>{0:01}</Message><Level>Info</Level>"
               "</RenderingInfo></Event>",
        STRING("text"));
    expect_fields("RenderingInfo_Culture=en|Message=text|RenderingInfo_Level=Info");
    DECODE_ONE("<EventData><Data Name=\"EventID\">{0:01}</Data></EventData>", STRING("9"));
    expect_fields("EventData_EventID=9");
}

static void empty_and_omitted(void **state)
{
    (void)state;
    DECODE_ONE(
        "<Event><System><Version>{0:04}</Version></System><EventData><Data Name=\"a\"/>"
        "<Data Name=\"b\">{0:01}</Data><Data Name=\"c\">{1:01}</Data><Data Name=\"d\">{0?01}</Data>"
        "<Data Name=\"e\">{1?01}</Data><f g=\"{0?01}\" h=\"{0:01}\"/><i j=\"1\">{0?01}</i>"
        "<k><l>{9?01}</l><m>1</m></k><n>{9:01}</n></EventData></Event>",
        NOTHING, STRING(""));
    expect_fields("a=|b=|c=|e=|f_h=|m=1|n=");
    DECODE_ONE("<Event><EventData><a>x{0?01}<b>1</b></a><c>2</c></EventData></Event>", NOTHING);
    expect_fields("c=2");
    DECODE_ONE("<Event><EventData><a>x{0?01}<b>1</b></a><c>2</c></EventData></Event>", STRING("y"));
    expect_fields("b=1|a=xy|c=2");
}

static void text_pieces(void **state)
{
    (void)state;
    DECODE_ONE(
        "<Event><EventData><a>1 &lt; {0:08} &amp; &#233;&apos;&quot;&gt;&other;</a>"
        "<b><![CDATA[<raw> & more]]></b><c><?target data?>x</c><d z=\"&lt;{0:08}\">\n <e/>\n</d>"
        "<f> </f></EventData></Event>",
        BYTES(EVTX_UINT32, "\5\0\0\0"));
    expect_fields("a=1 < 5 & \xc3\xa9'\">other|b=<raw> & more|c=x|d_z=<5|e=|f= ");
}

static void arrays(void **state)
{
    (void)state;
    DECODE_ONE("<Event><EventData><Data>{0:81}</Data><Data Name=\"n\">{1:88}</Data><c>{2:81}</c>"
               "<d>[{1:88}]</d><e>{3:81}</e></EventData></Event>",
        {.type = EVTX_STRING | EVTX_ARRAY, .text = "one||three|"},
        BYTES(EVTX_UINT32 | EVTX_ARRAY, "\1\0\0\0\2\0\0\0"),
        {.type = EVTX_STRING | EVTX_ARRAY, .bytes = S("")}, STRING("no array"));
    expect_fields("Data=one|Data=|Data=three|n=1|n=2|c=|d=[1,2]|e=no array");
}

static void embedded(void **state)
{
    const struct evtx_builder_value inner[] = {STRING("deep")};
    static const struct evtx_builder_template nested = {
        .id = 9, .xml = "<Inner a=\"{0:01}\"><leaf>{0:01}</leaf></Inner>"};
    (void)state;
    DECODE_ONE("<Event><UserData>{0:21}</UserData></Event>",
        {.type = EVTX_XML, .nested = &nested, .values = inner, .count = 1});
    expect_fields("Inner_a=deep|leaf=deep");
    DECODE_ONE("<Event>{0:21}</Event>",
        {.type = EVTX_XML,
            .xml = "<EventData><Data Name=\"a\">1</Data></EventData><UserData><b>2</b>"
                   "</UserData>"});
    expect_fields("a=1|b=2");
    DECODE_ONE("<Event><UserData><x>{0:21}</x><y>{1:21}</y></UserData></Event>", NOTHING,
        STRING("text after all"));
    expect_fields("y=text after all");
    DECODE_ONE("<Event><UserData><x>{0:01}</x><z>a{0:01}b</z></UserData></Event>",
        {.type = EVTX_XML, .xml = "<y>1</y>"});
    expect_fields("y=1|y=1|z=ab");
}

static void without_template(void **state)
{
    (void)state;
    begin();
    (void)evtx_builder_plain_record(&chunk, 3, 0,
        "<Event xmlns=\"urn:x\"><System><Provider Name=\"P\"/><EventID>7</EventID>"
        "<EventRecordID>3</EventRecordID></System><EventData><Data Name=\"a\">1</Data></EventData>"
        "</Event>");
    end();
    decode();
    expect_fields("Provider_Name=P|EventID=7|EventRecordID=3|a=1");
}

/* The same template at other offsets in the next chunk; and another one under its id and GUID. */
static void templates_across_chunks(void **state)
{
    static const struct evtx_builder_template impostor = {.id = 0x1111,
        .xml = "<EventData><Data Name=\"Xser\">{0:01}</Data><Data Name=\"Logon\">{1:08}</Data>"
               "</EventData>"};
    const struct evtx_builder_value values[] = {STRING("eve"), BYTES(EVTX_UINT32, "\1\0\0\0")};
    (void)state;
    buf_clear(&file);
    evtx_builder_header(&file, 3, 0);
    for (uint64_t number = 1; number <= 2; number++) {
        evtx_builder_begin(&chunk);
        if (number == 2) /* brings names before the templates do */
            (void)evtx_builder_plain_record(
                &chunk, 10, 0, "<EventData><Data Name=\"a\"/></EventData>");
        (void)add_event(number * 10 + 1, "alice");
        (void)add_event(number * 10 + 2, "bob");
        evtx_builder_finish(&chunk);
        evtx_builder_append(&chunk, &file);
    }
    evtx_builder_begin(&chunk);
    (void)evtx_builder_record(&chunk, 30, 0, &impostor, values, 2);
    evtx_builder_finish(&chunk);
    evtx_builder_append(&chunk, &file);
    decode();
    assert_int_equal(seen.events, 6);
    expect_fields("Xser=eve|Logon=1");
    assert_int_equal(seen.notes, 0);
}

static void sniff(void **state)
{
    (void)state;
    begin();
    (void)add_event(1, "a");
    end();
    slice whole = buf_slice(&file);
    assert_int_equal(evtx_sniff(whole, true), 100);
    assert_true(evtx_sniff(slice_from(whole, HEADER), true) > 90);
    file.at[0] = 'X';
    assert_true(evtx_sniff(whole, true) > 90);
    assert_int_equal(evtx_sniff(slice_first(whole, HEADER + 7), true), 0);
    assert_int_equal(evtx_sniff(S(""), true), 0);
}

static void build_two_chunks(void)
{
    buf_clear(&file);
    evtx_builder_header(&file, 2, 0);
    for (uint64_t number = 1; number <= 2; number++) {
        evtx_builder_begin(&chunk);
        (void)add_event(number * 10 + 1, "alice");
        (void)add_event(number * 10 + 2, "bob");
        evtx_builder_finish(&chunk);
        evtx_builder_append(&chunk, &file);
    }
}

static bool seen_number(uint64_t number)
{
    for (size_t i = 0; i < size_min(seen.events, 64); i++)
        if (seen.numbers[i] == number)
            return true;
    return false;
}

/* No byte of one chunk costs a record of the other, and what is lost is told. */
static void flip(size_t at, unsigned bits, bool recover)
{
    file.at[at] = (char)((unsigned char)file.at[at] ^ bits);
    decode_bytes(buf_slice(&file), recover);
    file.at[at] = (char)((unsigned char)file.at[at] ^ bits);
    assert_true(seen_number(21) && seen_number(22));
    assert_true(slice_ends(buf_slice(&fields), S("|User=bob|Logon=3")));
    if (at < HEADER)
        assert_int_equal(seen.events, 4);
    if (seen.events < 4)
        assert_true(seen.undecoded > 0);
}

static void every_byte_flipped(void **state)
{
    (void)state;
    build_two_chunks();
    for (size_t at = 0; at < HEADER + chunk.at + 16; at++) {
        if (at >= 256 && at < HEADER)
            continue;
        flip(at, 0xff, false);
        flip(at, 0xff, true);
        flip(at, 0x40, true);                        /* the mark that some tokens have */
        flip(at, (unsigned char)file.at[at], false); /* zero: the token that ends */
    }
}

/* Records before the cut stay, the others are told. */
static void every_length(void **state)
{
    (void)state;
    build_two_chunks();
    for (size_t len = 0; len <= HEADER + chunk.at; len++) {
        decode_bytes(slice_first(buf_slice(&file), len), false);
        if (len >= HEADER + chunk.at)
            assert_int_equal(seen.events, 2);
        else if (len > HEADER + CHUNK_HEAD)
            assert_true(seen.undecoded > 0);
        assert_true(len < HEADER || seen.notes > 0);
    }
    expect_message(S("names 2 chunks, 1 were found"));
}

/* The first bytes of a chunk gone, and bytes in its middle: the next chunk begins too early. */
static void bytes_missing(void **state)
{
    struct buf cut;
    (void)state;
    build_two_chunks();
    buf_init(&cut, 1 << 20);
    buf_append(&cut, slice_first(buf_slice(&file), HEADER + 30000));
    buf_append(&cut, slice_from(buf_slice(&file), HEADER + EVTX_CHUNK_SIZE));
    decode_bytes(buf_slice(&cut), false);
    assert_int_equal(seen.events, 4);
    buf_clear(&cut);
    buf_append(&cut, slice_from(buf_slice(&file), HEADER + 777));
    decode_bytes(buf_slice(&cut), false);
    assert_int_equal(seen.events, 2);
    assert_true(seen_number(22));
    assert_int_equal(seen.undecoded, 1);
    buf_free(&cut);
}

static void chunk_without_magic(void **state)
{
    (void)state;
    build_two_chunks();
    file.at[HEADER] = 'X';
    decode();
    assert_int_equal(seen.events, 2);
    assert_int_equal(seen.undecoded, 1);
    expect_message(S("no chunk where one should begin, at byte 4096"));
    decode_bytes(buf_slice(&file), true);
    assert_int_equal(seen.events, 4);
    assert_int_equal(seen.recovered, 2);
}

static void headers_that_lie(void **state)
{
    (void)state;
    build_two_chunks();
    file.at[42] = 1; /* the number of chunks */
    decode();
    assert_int_equal(seen.events, 4);
    assert_int_equal(seen.notes, 1);
    expect_message(S("checksum of the file header"));
    memset(file.at, 'x', HEADER);
    decode();
    assert_int_equal(seen.events, 4);
    expect_message(S("file header is damaged"));
    decode_bytes(slice_from(buf_slice(&file), HEADER), false);
    assert_int_equal(seen.events, 4);
}

static bool read_at(void *context, uint64_t offset, char *to, size_t len)
{
    const struct buf *large = context;
    if (offset > large->len || len > large->len - offset)
        return false;
    memcpy(to, large->at + offset, len);
    return true;
}

/* A file of three parts and a bit, its records numbered through. */
static void build_large(struct buf *large)
{
    const size_t chunks = 3 * (size_t)(EVTX_PART_SIZE / EVTX_CHUNK_SIZE) + 2;
    buf_init(large, HEADER + chunks * EVTX_CHUNK_SIZE);
    evtx_builder_header(large, chunks + 1, 0);
    for (size_t i = 0; i < chunks; i++) {
        evtx_builder_begin(&chunk);
        (void)add_event(2 * i + 1, "alice");
        (void)add_event(2 * i + 2, "bob");
        evtx_builder_finish(&chunk);
        evtx_builder_append(&chunk, large);
    }
    assert_false(large->overflow);
}

/* Decodes the file as a whole and in parts: the same events, reports and notes. */
static void expect_same_in_parts(const struct buf *large, uint32_t count)
{
    struct seen sum = {0};
    struct buf reports;
    assert_int_equal(evtx_parts(read_at, (void *)(uintptr_t)large), count);
    buf_init(&reports, 1 << 16);
    for (uint32_t i = 0; i < count; i++) {
        wanted = evtx_part(i, count);
        decode_bytes(buf_slice(large), true);
        sum.events += seen.events;
        sum.recovered += seen.recovered;
        sum.undecoded += seen.undecoded;
        sum.notes += seen.notes;
        sum.records += seen.records;
        buf_append(&reports, buf_slice(&messages));
        assert_true(seen.offset >= wanted.from && (wanted.to == 0 || seen.offset < wanted.to));
    }
    wanted = (struct decode_part){0};
    decode_bytes(buf_slice(large), true);
    assert_int_equal(seen.events, sum.events);
    assert_int_equal(seen.recovered, sum.recovered);
    assert_int_equal(seen.undecoded, sum.undecoded);
    assert_int_equal(seen.notes, sum.notes);
    assert_int_equal(seen.records, sum.records);
    assert_slice(buf_slice(&messages), buf_slice(&reports));
    buf_free(&reports);
}

/* What a large file says does not depend on how it is split; one note for the chunk that is missing
 * at its end. A template that was lost is not sought in another part, and a hole ends the parts. */
static void parts(void **state)
{
    struct buf large;
    const size_t in_part = (size_t)(EVTX_PART_SIZE / EVTX_CHUNK_SIZE);
    (void)state;
    build_large(&large);
    size_t chunks = (large.len - HEADER) / EVTX_CHUNK_SIZE;
    expect_same_in_parts(&large, 4);
    assert_int_equal(seen.events, 2 * chunks);
    assert_int_equal(seen.notes, 1);
    slice second = slice_from(buf_slice(&large), HEADER + in_part * EVTX_CHUNK_SIZE);
    size_t guid = slice_find(second, S("-guid-of-it-"));
    large.at[HEADER + in_part * EVTX_CHUNK_SIZE + guid - 4] ^= 1;
    large.at[HEADER + (in_part + 1) * EVTX_CHUNK_SIZE + guid - 4] ^= 1;
    expect_same_in_parts(&large, 4);
    assert_true(seen.undecoded > 0);
    memset(large.at + HEADER + (2 * in_part - 1) * EVTX_CHUNK_SIZE, 'x', CHUNK_HEAD);
    expect_same_in_parts(&large, 2);
    memset(large.at + HEADER, 'x', CHUNK_HEAD);
    expect_same_in_parts(&large, 1);
    buf_free(&large);
    assert_int_equal(evtx_part(UINT32_MAX - 1, UINT32_MAX).from,
        HEADER + (UINT32_MAX - UINT64_C(1)) * EVTX_PART_SIZE);
}

/* A checksum costs no record; a chunk that says it has none is not reported. */
static void checksums(void **state)
{
    (void)state;
    begin();
    size_t at = add_event(1, "alice");
    end();
    slice name = S("a\0l\0i\0c\0e\0");
    size_t user = slice_find(buf_slice(&file), name);
    assert_true(user > HEADER + at && user < file.len);
    file.at[user] = 'A';
    decode();
    assert_int_equal(seen.events, 1);
    assert_int_equal(seen.notes, 1);
    expect_message(S("records of the chunk at byte 4096 fail their checksum"));
    file.at[HEADER + 120] = 5;
    decode();
    assert_int_equal(seen.events, 1);
    assert_int_equal(seen.notes, 0);
}

/* Records behind the header's end, in a file that was not closed. */
static void not_closed(void **state)
{
    struct buf open;
    (void)state;
    begin();
    (void)add_event(1, "alice");
    evtx_builder_finish(&chunk);
    struct evtx_builder header = chunk;
    (void)add_event(2, "bob");
    (void)add_event(3, "carol");
    memcpy(chunk.bytes, header.bytes, CHUNK_HEAD);
    buf_init(&open, 1 << 20);
    evtx_builder_header(&open, 1, 1);
    evtx_builder_append(&chunk, &open);
    decode_bytes(buf_slice(&open), false);
    assert_int_equal(seen.events, 3);
    assert_int_equal(seen.recovered, 0);
    /* In a closed file the same bytes are slack. */
    buf_clear(&open);
    evtx_builder_header(&open, 1, 0);
    evtx_builder_append(&chunk, &open);
    decode_bytes(buf_slice(&open), false);
    assert_int_equal(seen.events, 1);
    decode_bytes(buf_slice(&open), true);
    assert_int_equal(seen.events, 3);
    assert_int_equal(seen.recovered, 2);
    buf_free(&open);
}

/* An older record whose template was overwritten: its values come without names. */
static void slack_without_template(void **state)
{
    (void)state;
    begin();
    (void)add_event(1, "alice");
    size_t stale = add_event(50, "old");
    end();
    struct evtx_builder new_chunk;
    evtx_builder_begin(&new_chunk);
    struct evtx_builder_template other = {.id = 77, .xml = "<Event><EventData/></Event>"};
    (void)evtx_builder_record(&new_chunk, 60, 0, &other, NULL, 0);
    evtx_builder_finish(&new_chunk);
    memcpy(chunk.bytes, new_chunk.bytes, new_chunk.at);
    buf_clear(&file);
    evtx_builder_header(&file, 1, 0);
    evtx_builder_append(&chunk, &file);
    assert_true(stale > new_chunk.at);
    decode_bytes(buf_slice(&file), true);
    assert_int_equal(seen.events, 1); /* the template of System is gone as well */
    assert_int_equal(seen.undecoded, 1);
    expect_message(S("overwritten or is damaged"));
}

static void torn_record(void **state)
{
    (void)state;
    begin();
    (void)add_event(1, "alice");
    size_t at = add_event(2, "bob");
    size_t next = add_event(3, "carol");
    end();
    memset(file.at + HEADER + at + 100, 0, next - at - 100);
    decode();
    assert_int_equal(seen.events, 2);
    assert_int_equal(seen.undecoded, 1);
    assert_true(seen_number(1) && seen_number(3));
    expect_message(S("sizes at the two ends"));
    memset(file.at + HEADER + at, 0, next - at);
    decode();
    assert_int_equal(seen.events, 2);
    expect_message(S("bytes where a record should stand are none"));
    memset(file.at + HEADER + at, 0, EVTX_CHUNK_SIZE - at);
    decode();
    assert_int_equal(seen.events, 1);
    expect_message(S("names records up to 3, the last one found is 1"));
}

/* A record that holds the signature of a chunk does not end its chunk. */
static void magic_inside(void **state)
{
    struct evtx_builder_template template = {
        .id = 5, .xml = "<Event><EventData><Binary>{0:0e}</Binary></EventData></Event>"};
    const struct evtx_builder_value value[] = {BYTES(EVTX_BINARY, "ElfChnk\0ElfChnk\0")};
    (void)state;
    begin();
    (void)evtx_builder_record(&chunk, 1, 0, &template, value, 1);
    (void)add_event(2, "bob");
    end();
    char unwritten[64] = {0};
    buf_append(&file, slice_make(unwritten, sizeof(unwritten)));
    decode();
    assert_int_equal(seen.events, 2);
    assert_int_equal(seen.undecoded, 0);
}

static enum result read_one_byte(
    void *context, char *to, size_t len, size_t *got, struct error *err)
{
    size_t *at = context;
    (void)err;
    *got = len > 0 && *at < file.len;
    if (*got)
        *to = file.at[(*at)++];
    return RESULT_OK;
}

static void byte_by_byte(void **state)
{
    size_t at = 0;
    (void)state;
    build_two_chunks();
    struct stream *stream = stream_new(read_one_byte, &at);
    assert_int_equal(decode_stream(stream, false), RESULT_OK);
    stream_free(stream);
    assert_int_equal(seen.events, 4);
    assert_int_equal(seen.undecoded, 0);
}

static void stopping(void **state)
{
    (void)state;
    build_two_chunks();
    struct stream *stream = stream_from_memory(buf_slice(&file));
    seen.stop = RESULT_INTERRUPTED;
    assert_int_equal(decode_stream(stream, true), RESULT_INTERRUPTED);
    assert_int_equal(seen.events, 1);
    seen.stop = RESULT_OK;
    stream_free(stream);
}

/* One value written out again and again: text grows with references, not with bytes. */
static void many_references(void **state)
{
    static char xml[8000];
    static char value[20000];
    struct buf text;
    buf_init_fixed(&text, xml, sizeof(xml));
    (void)state;
    memset(value, 'v', sizeof(value) - 1);
    buf_append(&text, S("<Event><EventData>"));
    for (size_t i = 0; i < 400; i++)
        buf_append(&text, S("<a>{0:02}</a>"));
    buf_append(&text, S("</EventData></Event>\0"));
    struct evtx_builder_template template = {.id = 5, .xml = xml};
    const struct evtx_builder_value values[] = {{.type = EVTX_ANSI, .text = value}};
    begin();
    (void)evtx_builder_record(&chunk, 1, 0, &template, values, 1);
    (void)add_event(2, "bob");
    end();
    decode();
    assert_int_equal(seen.events, 1);
    assert_true(seen_number(2));
    expect_message(S("multiply without end"));
}

/* The same within one field. */
static void many_parts(void **state)
{
    static char xml[8000];
    static char value[20000];
    struct buf text;
    buf_init_fixed(&text, xml, sizeof(xml));
    (void)state;
    memset(value, 'v', sizeof(value) - 1);
    buf_append(&text, S("<Event><EventData><a>"));
    for (size_t i = 0; i < 400; i++)
        buf_append(&text, S("{0:02}"));
    buf_append(&text, S("</a></EventData></Event>\0"));
    struct evtx_builder_template template = {.id = 5, .xml = xml};
    const struct evtx_builder_value values[] = {{.type = EVTX_ANSI, .text = value}};
    begin();
    (void)evtx_builder_record(&chunk, 1, 0, &template, values, 1);
    (void)add_event(2, "bob");
    end();
    decode();
    assert_int_equal(seen.events, 1);
    assert_true(seen_number(2));
    expect_message(S("multiply without end"));
}

/* Each level names the one below twenty times. */
static void nested_bomb(void **state)
{
    static char xml[1000];
    struct buf text;
    struct evtx_builder_value levels[EVTX_NESTING_MAX + 1];
    buf_init_fixed(&text, xml, sizeof(xml));
    (void)state;
    buf_append(&text, S("<a>"));
    for (size_t i = 0; i < 20; i++)
        buf_append(&text, S("{0:21}"));
    buf_append(&text, S("</a>\0"));
    struct evtx_builder_template template = {.id = 5, .xml = xml};
    levels[0] = (struct evtx_builder_value)STRING("x");
    for (size_t depth = 1; depth <= EVTX_NESTING_MAX; depth++) {
        levels[depth] = (struct evtx_builder_value){
            .type = EVTX_XML, .nested = &template, .values = &levels[depth - 1], .count = 1};
        begin();
        (void)evtx_builder_record(&chunk, 1, 0, &template, &levels[depth], 1);
        (void)add_event(2, "bob");
        end();
        decode();
        assert_true(seen_number(2));
        assert_true(depth < 3 ? seen.events == 2 : seen.undecoded == 1);
        assert_true(seen.text <= EVTX_CHUNK_SIZE * EVTX_TEXT_PER_BYTE);
    }
}

static void deep_elements(void **state)
{
    static char xml[2000];
    (void)state;
    for (size_t depth = EVTX_DEPTH_MAX; depth <= EVTX_DEPTH_MAX + 1; depth++) {
        struct buf text;
        buf_init_fixed(&text, xml, sizeof(xml));
        for (size_t i = 0; i < depth; i++)
            buf_append(&text, S("<a>"));
        for (size_t i = 0; i < depth; i++)
            buf_append(&text, S("</a>"));
        buf_append_byte(&text, '\0');
        begin();
        (void)evtx_builder_plain_record(&chunk, 1, 0, xml);
        (void)add_event(2, "bob");
        end();
        decode();
        assert_int_equal(seen.events, depth <= EVTX_DEPTH_MAX ? 2 : 1);
        assert_true(seen_number(2));
    }
}

/* A definition that is its own record's value, and one that begins inside another: neither loops.
 */
static void definitions_anywhere(void **state)
{
    (void)state;
    begin();
    size_t at = add_event(1, "alice");
    end();
    size_t offset_at = HEADER + at + 24 + 4 + 6;
    for (size_t to = 0; to < EVTX_CHUNK_SIZE; to += 3) {
        file.at[offset_at] = (char)to;
        file.at[offset_at + 1] = (char)(to >> 8);
        decode_bytes(buf_slice(&file), to % 2 == 0);
        assert_true(seen.text < EVTX_CHUNK_SIZE * EVTX_TEXT_PER_BYTE);
    }
}

static int set_up(void **state)
{
    (void)state;
    buf_init(&file, 4 << 20);
    buf_init(&fields, 4 << 20);
    buf_init(&messages, 4 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_free(&file);
    buf_free(&fields);
    buf_free(&messages);
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_event),
        cmocka_unit_test(time_and_number),
        cmocka_unit_test(names),
        cmocka_unit_test(empty_and_omitted),
        cmocka_unit_test(text_pieces),
        cmocka_unit_test(arrays),
        cmocka_unit_test(embedded),
        cmocka_unit_test(without_template),
        cmocka_unit_test(templates_across_chunks),
        cmocka_unit_test(sniff),
        cmocka_unit_test(every_byte_flipped),
        cmocka_unit_test(every_length),
        cmocka_unit_test(bytes_missing),
        cmocka_unit_test(chunk_without_magic),
        cmocka_unit_test(headers_that_lie),
        cmocka_unit_test(parts),
        cmocka_unit_test(checksums),
        cmocka_unit_test(not_closed),
        cmocka_unit_test(slack_without_template),
        cmocka_unit_test(torn_record),
        cmocka_unit_test(magic_inside),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(stopping),
        cmocka_unit_test(many_references),
        cmocka_unit_test(many_parts),
        cmocka_unit_test(nested_bomb),
        cmocka_unit_test(deep_elements),
        cmocka_unit_test(definitions_anywhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
