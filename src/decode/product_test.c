/* Every definition in decoders/ loads and does what its own examples say; mistakes are refused with
 * their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/embed.h"
#include "decode/product.h"
#include "decode/product_example.h"

static void count_and_show(void *context, const struct error *what)
{
    size_t *count = context;
    (*count)++;
    fprintf(stderr, "%.*s\n", (int)what->message_len, what->message);
}

static void shipped_definitions_do_what_their_examples_say(void **state)
{
    (void)state;
    struct products *products;
    struct error err;
    size_t faults = 0;
    assert_int_equal(products_new(&products, count_and_show, &faults, &err), RESULT_OK);
    products_finish(products);
    size_t file_count;
    const struct embed_file *files = embed_files(&file_count);
    for (size_t i = 0; i < file_count; i++) {
        slice path = slice_from_cstr(files[i].path);
        size_t examples = 0;
        if (!slice_starts(path, S("decoders/")))
            continue;
        assert_int_equal(product_examples_check(products, path, files[i].content, count_and_show,
                             &faults, &examples, &err),
            RESULT_OK);
        if (examples == 0) {
            fprintf(stderr, "%s: no examples\n", files[i].path);
            faults++;
        }
    }
    products_free(products);
    assert_int_equal(faults, 0);
}

/* A line that was damaged in transit gives less, but nothing wrong. */
static void damaged_messages_give_nothing_wrong(void **state)
{
    (void)state;
    struct products *products;
    struct error err;
    size_t faults = 0, file_count;
    assert_int_equal(products_new(&products, NULL, NULL, &err), RESULT_OK);
    products_finish(products);
    const struct embed_file *files = embed_files(&file_count);
    for (size_t i = 0; i < file_count; i++) {
        slice path = slice_from_cstr(files[i].path);
        if (slice_starts(path, S("decoders/")))
            assert_int_equal(product_examples_damage(
                                 products, path, files[i].content, count_and_show, &faults, &err),
                RESULT_OK);
    }
    products_free(products);
    assert_int_equal(faults, 0);
}

/* The definition of doc/decoders.md, and its examples with all edges. */
static const char doorman[] =
    "product: doorman\n"
    "module: doorman\n"
    "dataset: doorman.log\n"
    "match:\n"
    "  process.name: [doorman, 'doormand*']\n"
    "set: {event.kind: event, event.category: authentication}\n"
    "tables:\n"
    "  levels: {1: warning, 2*: error}\n"
    "shapes:\n"
    "  - shape:\n"
    "      - 'Opened for {user.name:longest} from {source.address:host} port "
    "{source.port:port}[ via {doorman.door:word}]'\n"
    "      - 'Opened for {user.name:longest}'\n"
    "    set: {event.action: door-opened, event.type: start, event.outcome: success}\n"
    "  - shape: 'Refused {doorman.reason:badge|pin|hour} of {user.name:longest} from "
    "{source.address:host}'\n"
    "    set: {event.action: door-refused, event.type: [start, denied], event.outcome: failure}\n"
    "  - shape: 'stats {doorman:kv}'\n"
    "    set: {event.action: statistics}\n"
    "map:\n"
    "  - when: {doorman.level: '*'}\n"
    "    fields:\n"
    "      doorman.level: {to: log.level, table: levels, else: info}\n"
    "      doorman.card: [user.id, 'doorman.number:int']\n"
    "      doorman.mac: {shape: '{destination.mac:mac}:{source.mac:mac}[:{:rest}]'}\n"
    "      doorman.who: 'user:account'\n"
    "      doorman.peer: destination.ip\n"
    "      doorman.task: process.pid\n"
    "examples:\n"
    "  - message: Opened for Jan van Dijk from 10.0.0.7 port 4711 via back\n"
    "    want: {user.name: Jan van Dijk, source.ip: 10.0.0.7, source.port: 4711, "
    "doorman.door: back, event.outcome: success, event.dataset: doorman.log}\n"
    "  - message: Opened for root from 1.1.1.1 port 1 from 6.6.6.6 port 2\n"
    "    want: {user.name: root from 1.1.1.1 port 1, source.ip: 6.6.6.6}\n"
    "  - message: Opened for nobody\n"
    "    given: {process.name: DOORMAND-2}\n"
    "    want: {user.name: nobody, event.type: start}\n"
    "    absent: [source.ip, event.undecoded]\n"
    "  - message: Refused pin of x from gate.example\n"
    "    want: {doorman.reason: pin, source.domain: gate.example, event.type: [start, denied]}\n"
    "    absent: [source.ip]\n"
    "  - message: Refused smile of x from gate.example\n"
    "    want: {event.dataset: doorman.log}\n"
    "    absent: [user.name, event.undecoded, event.action]\n"
    "  - message: stats level=2x card=0x1F mac=00:00:5e:00:53:23:00:00:5e:00:53:24:08:00 "
    "who='CORP\\\\eve'\n"
    "    want: {log.level: error, user.id: '0x1F', doorman.number: 31, "
    "destination.mac: 00-00-5E-00-53-23, source.mac: 00-00-5E-00-53-24, user.name: eve, "
    "user.domain: CORP}\n"
    "  - message: stats peer=10.0.0.9 task=0x10\n"
    "    want: {doorman.peer: 10.0.0.9}\n"
    "    absent: [destination.ip]\n"
    "  - message: stats level=1 peer=none task=0x10\n"
    "    want: {process.pid: 16}\n"
    "    absent: [destination.ip]\n"
    "  - message: stats level=9\n"
    "    want: {log.level: info}\n"
    "  - message: Opened for x\n"
    "    given: {process.name: porter}\n"
    "    want: {event.kind: ''}\n"
    "    absent: [user.name, event.dataset]\n";

/* Values taken apart and put together. */
static const char gate[] =
    "product: gate\n"
    "shapes:\n"
    "  - shape: '%GATE-{event.severity:int}-{event.code:int}: {_text:rest}'\n"
    "    set: {event.kind: event}\n"
    "messages:\n"
    "  by: event.code\n"
    "  of: _text\n"
    "  shapes:\n"
    "    101|102: {shape: 'Opened {gate.no:int} for {source.ip:ip} after "
    "{event.duration:elapsed}', "
    "set: {event.action: opened}}\n"
    "    103:\n"
    "      - {shape: '{event.outcome:success|failure} of {user.name:longest} at "
    "{gate.place:word}', "
    "set: {event.action: tried}}\n"
    "      - {shape: 'gave up', set: {event.action: given-up}}\n"
    "    104: 'row {_row:rest}'\n"
    "    105: 'pairs {_pairs:rest}'\n"
    "    106: 'json {gate:json}'\n"
    "    107: '{gate.day:word} {gate.hour:word} zone={gate.zone:word} {gate.user:word}'\n"
    "map:\n"
    "  - when: {event.code: 104}\n"
    "    fields:\n"
    "      _row: {csv: [gate.kind, null, [source.ip, gate.peer], source.port, "
    "'event.duration:seconds', "
    "'http.request.method:upper'], separator: ;}\n"
    "  - fields:\n"
    "      _pairs: {pairs: gate, assign: ':', between: ';'}\n"
    "      gate.peers: {to: related.ip, split: '|'}\n"
    "      gate.to list: {to: 'destination.ip:ip', split: ', '}\n"
    "      gate.keys: {shape: ['{gate.key:int} of {gate.owner:word}', '{gate.key:int}']}\n"
    "  - join: {'@timestamp:time': '{gate.day}T{gate.hour}{gate.zone}', "
    "user.full_name: '{gate.user}[ at {gate.place}]', gate.never: '{gate.none}!'}\n"
    "examples:\n"
    "  - message: '%GATE-6-102: Opened 7 for 10.0.0.1 after 1:02:03'\n"
    "    want: {event.severity: 6, gate.no: 7, source.ip: 10.0.0.1, event.duration: 3723000000000, "
    "event.action: opened, event.kind: event}\n"
    "    absent: [_text, event.undecoded]\n"
    "  - message: '%GATE-6-101: Opened 7 for 10.0.0.1 before 1:02:03'\n"
    "    want: {event.undecoded: partial, gate.no: 7, source.ip: 10.0.0.1}\n"
    "    absent: [event.action, _text]\n"
    "  - message: '%GATE-6-103: failure of Jan van Dijk at door'\n"
    "    want: {event.outcome: failure, user.name: Jan van Dijk, event.action: tried}\n"
    "  - message: '%GATE-6-103: gave up'\n"
    "    want: {event.action: given-up}\n"
    "  - message: '%GATE-6-199: anything'\n"
    "    want: {event.code: 199}\n"
    "    absent: [event.undecoded, _text]\n"
    "  - message: '%GATE-6-104: row \"a;\"\"b\"\"\";x;10.0.0.1;22;1.5;get;more'\n"
    "    want: {gate.kind: 'a;\"b\"', source.ip: 10.0.0.1, gate.peer: 10.0.0.1, source.port: 22, "
    "event.duration: 1500000000, http.request.method: GET}\n"
    "    absent: [_row]\n"
    "  - message: '%GATE-6-105: pairs a b:\"x; y\"; peers: 10.0.0.1|10.0.0.2 ; none; "
    "to list:10.0.0.3, 10.0.0.4'\n"
    "    want: {gate.a b: x; y, related.ip: [10.0.0.1, 10.0.0.2], "
    "destination.ip: [10.0.0.3, 10.0.0.4]}\n"
    "  - message: '%GATE-6-106: json {\"keys\":[\"1 of kim\",\"2\",\"3 of jan\",\"x\"]}'\n"
    "    want: {gate.key: [1, 2, 3], gate.owner: [kim, jan]}\n"
    "  - message: '%GATE-6-106: json {\"a\":{\"b\":[1,2]},\"c\":true}'\n"
    "    want: {gate.a.b: [1, 2], gate.c: true}\n"
    "  - message: '%GATE-6-107: 2026-11-20 12:12:44 zone=+0900 kim'\n"
    "    want: {'@timestamp': '2026-11-20T03:12:44Z', user.full_name: kim}\n"
    "    absent: [gate.never]\n";

/* Fields that follow from others. The ids are those of the specification's own examples. */
static const char flow[] =
    "product: flow\n"
    "match: {flow.kind: test}\n"
    "map:\n"
    "  - fields: {flow.proto: network.iana_number, flow.transport: network.transport, "
    "flow.src: source.ip, flow.dst: destination.ip, flow.sport: source.port, flow.dport: "
    "destination.port, flow.icmp: '_icmp_type:int', flow.code: '_icmp_code:int', flow.in: "
    "source.bytes, flow.out: destination.bytes, flow.user: [user.name, client.user.name], "
    "flow.os: host.os.type, flow.command: process.command_line, flow.name: dns.question.name, "
    "flow.md5: file.hash.md5, flow.url: url.original, flow.cert: tls.server.hash.sha1, flow.start: "
    "'event.start:time', "
    "flow.end: 'event.end:time', flow.took: 'event.duration:seconds', flow.at: '@timestamp:time', "
    "flow.is: _time_is, flow.host: _host_name}\n"
    "examples:\n"
    "  - given: {flow.kind: test, flow.proto: 6, flow.src: 128.232.110.120, flow.sport: 34855, "
    "flow.dst: 66.35.250.204, flow.dport: 80, flow.in: 7, flow.out: 8}\n"
    "    want: {network.community_id: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=', network.transport: tcp, "
    "network.type: ipv4, network.bytes: 15, related.ip: [128.232.110.120, 66.35.250.204]}\n"
    "  - given: {flow.kind: test, flow.transport: ICMP, flow.src: 192.168.0.89, flow.dst: "
    "192.168.0.1, flow.icmp: 8, flow.code: 0}\n"
    "    want: {network.community_id: '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='}\n"
    "    absent: [_icmp_type]\n"
    "  - given: {flow.kind: test, flow.os: windows, flow.command: '\"C:\\a b.exe\" -x \"y z\"'}\n"
    "    want: {process.args: ['C:\\a b.exe', -x, y z], process.args_count: 3}\n"
    "  - given: {flow.kind: test, flow.os: linux, flow.command: a b}\n"
    "    absent: [process.args, process.args_count]\n"
    "    want: {process.command_line: a b}\n"
    "  - given: {flow.kind: test, flow.name: a.b.example.co.uk}\n"
    "    want: {dns.question.registered_domain: example.co.uk, dns.question.top_level_domain: "
    "co.uk, dns.question.subdomain: a.b}\n"
    "  - given: {flow.kind: test, flow.transport: tcp, flow.src: '::1', flow.dst: '::2', flow.in: "
    "7, "
    "flow.sport: 1}\n"
    "    want: {network.type: ipv6}\n"
    "    absent: [network.community_id, network.bytes]\n"
    "  - given: {flow.kind: test, flow.user: kim, flow.md5: 'aa', flow.cert: bb, flow.url: "
    "'https://a.example/x'}\n"
    "    want: {related.user: kim, related.hash: aa, related.hosts: a.example, url.full: "
    "'https://a.example/x'}\n"
    "    absent: [related.ip, network.type]\n"
    "  - given: {flow.kind: test, flow.start: 2026/11/20 23:59:30, flow.took: 90}\n"
    "    want: {event.start: '2026-11-20T23:59:30', event.end: '2026-11-21T00:01:00'}\n"
    "  - given: {flow.kind: test, flow.end: '2026-11-20T03:12:44Z', flow.took: 1.5}\n"
    "    want: {event.start: '2026-11-20T03:12:42.500Z'}\n"
    "  - given: {flow.kind: test, flow.at: '2026-11-20T03:12:44Z', flow.took: 4, flow.is: end}\n"
    "    want: {event.start: '2026-11-20T03:12:40Z', event.end: '2026-11-20T03:12:44Z'}\n"
    "  - given: {flow.kind: test, host.name: relay, flow.host: ws1}\n"
    "    want: {host.name: ws1, log.syslog.hostname: relay, related.hosts: ws1}\n"
    "    absent: [_host_name]\n"
    "  - given: {flow.kind: test, flow.host: ws1}\n"
    "    want: {host.name: ws1}\n"
    "    absent: [log.syslog.hostname]\n"
    "  - given: {flow.kind: test, flow.at: '2026-11-20T03:12:44Z', flow.took: 4}\n"
    "    absent: [event.start, event.end]\n"
    "    want: {event.duration: 4000000000}\n"
    "  - given: {flow.kind: test, flow.start: '2026-11-20T03:12:42Z', flow.end: "
    "'2026-11-20T03:12:44.5Z'}\n"
    "    want: {event.duration: 2500000000}\n"
    "  - given: {flow.kind: test, flow.start: '2026-11-20T03:12:44Z', flow.end: "
    "'2026-11-20T03:12:42Z'}\n"
    "    want: {flow.kind: test}\n"
    "    absent: [event.duration]\n";

/* A product's own names where they are and under another name, and lists of named values. */
static const char lodge[] =
    "product: lodge\n"
    "match: {lodge_kind: [visit, call]}\n"
    "under: [wrapped]\n"
    "map:\n"
    "  - when: {lodge_kind: visit, guest.level: '*'}\n"
    "    set: {event.action: visited}\n"
    "    join: {user.full_name: '{guest.first} {guest.last}'}\n"
    "    fields: {guest.level: log.level}\n"
    "  - when: {event.action: visited}\n"
    "    set: {event.type: start}\n"
    "  - fields:\n"
    "      marks.name: {named: lodge, of: [marks.text, marks.list]}\n"
    "      keys.kind: {named: lodge.key, of: keys.id}\n"
    "      keys.room: {to: lodge.room, once: true}\n"
    "      open: {to: event.outcome, table: {'true': success}}\n"
    "  - fields: {lodge.Door: lodge.door, lodge.from: source.ip}\n"
    "examples:\n"
    "  - record: '{\"lodge_kind\":\"visit\",\"guest\":{\"level\":1,\"first\":\"Jan\",\"last\":"
    "\"Dijk\"}}'\n"
    "    want: {event.action: visited, user.full_name: Jan Dijk, log.level: 1, event.type: start}\n"
    "  - record: "
    "'{\"wrapped\":{\"lodge_kind\":\"visit\",\"guest\":{\"level\":1},\"marks\":[{\"name\":"
    "\"none\"},{\"name\":\"Door\",\"list\":[\"a\",\"b\"]},{\"name\":\"from\",\"text\":\"10.0.0.7\"}"
    "]}}'\n"
    "    want: {event.action: visited, lodge.Door: [a, b], lodge.door: [a, b], source.ip: "
    "10.0.0.7}\n"
    "    absent: [user.full_name, lodge.none]\n"
    "  - record: "
    "'{\"lodge_kind\":\"call\",\"open\":true,\"marks\":[{\"text\":\"a\",\"name\":\"Door\"},{"
    "\"text\":\"b\","
    "\"name\":\"from\"}]}'\n"
    "    want: {lodge_kind: call, event.outcome: success}\n"
    "    absent: [lodge.Door, lodge.from]\n"
    "  - record: "
    "'{\"lodge_kind\":\"call\",\"keys\":[{\"id\":1,\"room\":5,\"kind\":\"front\"},{\"room\":5,"
    "\"id\":null,\"kind\":"
    "\"back\"},"
    "{\"id\":3,\"kind\":\"safe\"}]}'\n"
    "    want: {lodge.key.front: 1, lodge.key.safe: 3, lodge.room: 5}\n"
    "  - record: "
    "'{\"lodge_kind\":\"call\",\"keys\":[{\"id\":1,\"kind\":\"front\"},{\"kind\":\"back\"}]}'\n"
    "    want: {lodge_kind: call}\n"
    "    absent: [lodge.key.front, lodge.key.back]\n";

static void check_definition(slice path, slice text, size_t want_examples)
{
    struct products *products;
    struct error err;
    size_t faults = 0, examples;
    assert_int_equal(products_new(&products, NULL, NULL, &err), RESULT_OK);
    if (products_add(products, path, text, &err) != RESULT_OK)
        count_and_show(&faults, &err);
    products_finish(products);
    assert_int_equal(
        product_examples_check(products, path, text, count_and_show, &faults, &examples, &err),
        RESULT_OK);
    assert_int_equal(examples, want_examples);
    products_free(products);
    assert_int_equal(faults, 0);
}

static void values_are_taken_apart_and_put_together(void **state)
{
    (void)state;
    check_definition(S("gate.yml"), slice_from_cstr(gate), 10);
}

static void own_names_may_stand_under_another(void **state)
{
    (void)state;
    check_definition(S("lodge.yml"), slice_from_cstr(lodge), 5);
}

static void fields_follow_from_others(void **state)
{
    (void)state;
    check_definition(S("flow.yml"), slice_from_cstr(flow), 15);
}

static void a_definition_does_what_the_manual_says(void **state)
{
    (void)state;
    check_definition(S("doorman.yml"), slice_from_cstr(doorman), 10);
}

/* A mistake, and how the message about it begins. */
static const struct {
    const char *yaml;
    const char *message;
} mistakes[] = {
    {"", "x.yml: holds no definition"},
    {"- a\n", "x.yml, line 1, column 1: a mapping"},
    {"product: a\nshape: b\n", "x.yml, line 2, column 1: unknown key shape"},
    {"product: a\n", "x.yml, line 1, column 1: match needs"},
    {"product: a\nmatch: {b: null}\n", "x.yml, line 2, column 8: match needs"},
    {"product: a\nmatch: {b: c*d}\n", "x.yml, line 2, column 12: a condition"},
    {"product: a\nshapes:\n  - shape: 'a {b'\n", "x.yml, line 3, column 15: { is not closed"},
    {"product: a\nshapes:\n  - shape: a {b:wrod}\n", "x.yml, line 3, column 15: unknown type wrod"},
    {"product: a\nshapes:\n  - shape: 'a {b}{c}'\n", "x.yml, line 3, column 19: nothing parts"},
    {"product: a\nshapes:\n  - shape: 'a [b'\n", "x.yml, line 3, column 15: [ is not closed"},
    {"product: a\nshapes:\n  - shape: 'a ] b'\n", "x.yml, line 3, column 15: write \\]"},
    {"product: a\nshapes:\n  - shape: '[a]'\n",
        "x.yml, line 3, column 13: the shape fits an empty"},
    {"product: a\nshapes:\n  - shape: 'a {b:rest} c'\n",
        "x.yml, line 3, column 13: a capture that"},
    {"product: a\nshapes:\n  - shape: a {b}\n  - shape: a {c}\n",
        "x.yml, line 4, column 12: this shape is there already, in x.yml"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {to: e, table: f}}\n",
        "x.yml, line 4, column 32: no table f"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: 'e:nub'}\n",
        "x.yml, line 4, column 20: unknown type nub"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {table: {1: 2}}}\n",
        "x.yml, line 4, column 17: write one of"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {csv: [e], table: {}}}\n",
        "x.yml, line 4, column 17: write one of"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {csv: []}}\n",
        "x.yml, line 4, column 23: csv must be a list"},
    {"product: a\nmatch: {b: c}\nunder: d\n", "x.yml, line 3, column 8: under must be a list"},
    {"product: a\nmatch: {b: c}\nunder: [d e]\n", "x.yml, line 3, column 9: no field name"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {named: e}}\n",
        "x.yml, line 4, column 17: the key of"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {pairs: e f}}\n",
        "x.yml, line 4, column 25: no field name"},
    {"product: a\nmatch: {b: c}\nmap:\n  - join: {d: 'a[b'}\n",
        "x.yml, line 4, column 16: [ is not closed"},
    {"product: a\nmatch: {b: c}\nmap:\n  - join: {d: 'a{b'}\n",
        "x.yml, line 4, column 17: { is not closed"},
    {"product: a\nmatch: {b: c}\nmessages: {by: d, of: e}\n",
        "x.yml, line 3, column 11: the key shapes"},
    {"product: a\nmatch: {b: c}\nmessages: {by: d, of: e, shapes: {1: 'a {b:wrod}'}}\n",
        "x.yml, line 3, column 42: unknown type wrod"},
    {"product: a\nmatch: {b: c}\nmap:\n  - fields: {d: {shapes: [{shape: a}, {shape: a}]}}\n",
        "x.yml, line 4, column 47: this shape is there"},
    {"product: a\nmatch: {b: c}\n---\nproduct: d\n", "x.yml, line 4: a second YAML document"},
    {"product: [a\n", "x.yml: line "},
};

static void mistakes_are_refused_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct products *products;
        struct error err;
        assert_int_equal(products_new(&products, NULL, NULL, &err), RESULT_OK);
        enum result result =
            products_add(products, S("x.yml"), slice_from_cstr(mistakes[i].yaml), &err);
        assert_int_not_equal(result, RESULT_OK);
        if (!slice_starts(error_message(&err), slice_from_cstr(mistakes[i].message)))
            fail_msg("case %zu: %.*s", i, (int)err.message_len, err.message);
        products_finish(products);
        products_free(products);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_definitions_do_what_their_examples_say),
        cmocka_unit_test(damaged_messages_give_nothing_wrong),
        cmocka_unit_test(a_definition_does_what_the_manual_says),
        cmocka_unit_test(own_names_may_stand_under_another),
        cmocka_unit_test(fields_follow_from_others),
        cmocka_unit_test(values_are_taken_apart_and_put_together),
        cmocka_unit_test(mistakes_are_refused_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
