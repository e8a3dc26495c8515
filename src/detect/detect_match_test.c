/* Vectors of detection, written from the specification: each modifier with the types of values,
 * negation, lists and absent fields; wildcards and escapes; the forms of conditions. */
#include "detect/detect_test.h"

struct vector {
    const char *feature;
    const char *detection; /* YAML, indented as under detection: */
    const char *events;    /* JSON, one a line */
    const char *match;     /* lines that match, from 0 */
};

/* One selection and nothing else. */
#define SELECT(selection) "  selection:\n" selection "  condition: selection\n"
#define FIELD(text)       SELECT("    " text "\n")

/* --- plain values --- */

static const struct vector plain_values[] = {
    {"equality without case", FIELD("f: 'WhoAmI.exe'"),
        "{\"f\":\"whoami.exe\"}\n{\"f\":\"WHOAMI.EXE\"}\n{\"f\":\"whoami.exe "
        "\"}\n{\"f\":\"xwhoami.exe\"}\n{\"g\":1}",
        "0 1"},
    {"a list is or", FIELD("f: [a, b]"), "{\"f\":\"A\"}\n{\"f\":\"b\"}\n{\"f\":\"c\"}\n{}", "0 1"},
    {"a map is and", SELECT("    f: a\n    g: b\n"),
        "{\"f\":\"a\",\"g\":\"b\"}\n{\"f\":\"a\"}\n{\"g\":\"b\"}\n{\"f\":\"b\",\"g\":\"a\"}", "0"},
    {"a number as number and as text", FIELD("f: 4688"),
        "{\"f\":4688}\n{\"f\":\"4688\"}\n{\"f\":46880}\n{\"f\":\"04688\"}\n{\"f\":4688.0}\n{\"f\":"
        "\"4688.0\"}\n{\"f\":true}",
        "0 1 4"},
    {"a number in quotes", FIELD("f: '4688'"), "{\"f\":4688}\n{\"f\":\"4688\"}\n{\"f\":\"x4688\"}",
        "0 1"},
    {"a fraction", FIELD("f: 1.5"), "{\"f\":1.5}\n{\"f\":1.50}\n{\"f\":\"1.5\"}\n{\"f\":15}",
        "0 1 2"},
    {"negative numbers", FIELD("f: -1"), "{\"f\":-1}\n{\"f\":\"-1\"}\n{\"f\":1}", "0 1"},
    {"large integers are told apart", FIELD("f: 9007199254740993"),
        "{\"f\":9007199254740993}\n{\"f\":9007199254740992}", "0"},
    {"leading zeros are text", FIELD("f: 00000429"),
        "{\"f\":\"00000429\"}\n{\"f\":\"429\"}\n{\"f\":429}", "0"},
    {"true", FIELD("f: true"),
        "{\"f\":true}\n{\"f\":\"true\"}\n{\"f\":\"True\"}\n{\"f\":false}\n{\"f\":1}\n{}", "0 1 2"},
    {"false", FIELD("f: False"),
        "{\"f\":false}\n{\"f\":\"FALSE\"}\n{\"f\":\"\"}\n{\"f\":null}\n{\"f\":0}\n{}", "0 1"},
    {"a word of YAML 1.1 is text", FIELD("f: yes"), "{\"f\":\"yes\"}\n{\"f\":true}", "0"},
    {"case beyond ASCII", FIELD("f: 'ÄPFEL ΣΩ'"),
        "{\"f\":\"äpfel σω\"}\n{\"f\":\"Äpfel Σω\"}\n{\"f\":\"apfel σω\"}", "0 1"},
    {"mixed types in a list", FIELD("f: [1, 'two', true]"),
        "{\"f\":1}\n{\"f\":\"TWO\"}\n{\"f\":true}\n{\"f\":\"1\"}\n{\"f\":2}", "0 1 2 3"},
    {"any value of a list in the event", FIELD("f: b"),
        "{\"f\":[\"a\",\"B\"]}\n{\"f\":[]}\n{\"f\":[\"c\"]}\n{\"f\":[[\"b\"]]}", "0 3"},
    {"nested names", FIELD("a.b: x"),
        "{\"a.b\":\"x\"}\n{\"a\":{\"b\":\"x\"}}\n{\"b\":\"x\"}\n{\"a\":[{\"b\":\"x\"}]}", "0 1 3"},
    {"spaces in names of events", FIELD("SourceName: x"),
        "{\"Source Name\":\"x\"}\n{\"SourceName\":\"x\"}\n{\"sourcename\":\"x\"}", "0 1"},
    {"spaces in names of rules", FIELD("'Source Name': x"),
        "{\"Source Name\":\"x\"}\n{\"SourceName\":\"x\"}\n{\"Source\":\"x\"}", "0 1"},
    {"null: absent or null", FIELD("f: null"),
        "{\"g\":1}\n{\"f\":null}\n{\"f\":\"\"}\n{\"f\":\"null\"}\n{\"f\":[]}", "0 1 4"},
    {"null: no value at all", FIELD("f:"), "{\"g\":1}\n{\"f\":\"x\"}", "0"},
    {"null in a list", FIELD("f: [null, a]"), "{}\n{\"f\":\"a\"}\n{\"f\":\"b\"}\n{\"f\":null}",
        "0 1 3"},
    {"the empty string is there", FIELD("f: ''"), "{\"f\":\"\"}\n{}\n{\"f\":null}\n{\"f\":\" \"}",
        "0"},
    {"not null", "  a:\n    f: null\n  condition: not a\n",
        "{\"f\":\"\"}\n{}\n{\"f\":null}\n{\"f\":0}", "0 3"},
    {"percent signs are text", FIELD("f: '%name%'"), "{\"f\":\"%name%\"}\n{\"f\":\"name\"}", "0"},
    {"malformed UTF-8 is compared", FIELD("f|contains: evil"), "{\"f\":\"\\xff EVIL \\xfe\"}", "0"},
};

/* --- wildcards and escapes --- */

static const struct vector wildcards[] = {
    {"*", FIELD("f: 'a*c'"),
        "{\"f\":\"ac\"}\n{\"f\":\"aBBBC\"}\n{\"f\":\"abcd\"}\n{\"f\":\"xabc\"}\n{\"f\":\"acac\"}",
        "0 1 4"},
    {"?", FIELD("f: 'a?c'"),
        "{\"f\":\"abc\"}\n{\"f\":\"ac\"}\n{\"f\":\"abbc\"}\n{\"f\":\"aéc\"}\n{\"f\":\"a😀c\"}",
        "0 3 4"},
    {"? alone", FIELD("f: \"??\""),
        "{\"f\":\"é\"}\n{\"f\":\"éa\"}\n{\"f\":\"a\"}\n{\"f\":\"abc\"}\n{\"f\":\"\"}", "1"},
    {"* alone: any value that is there", FIELD("f: '*'"),
        "{\"f\":\"\"}\n{\"f\":\"x\"}\n{}\n{\"f\":null}\n{\"f\":0}", "0 1 4"},
    {"* crosses lines", FIELD("f: 'a*c'"), "{\"f\":\"a\\nb\\nc\"}", "0"},
    {"? takes a line end", FIELD("f: 'a?c'"), "{\"f\":\"a\\nc\"}", "0"},
    {"in front and behind", FIELD("f: '*bc*'"), "{\"f\":\"abcd\"}\n{\"f\":\"bc\"}\n{\"f\":\"b c\"}",
        "0 1"},
    {"several *", FIELD("f: 'a*b*c'"),
        "{\"f\":\"abc\"}\n{\"f\":\"a1b2c\"}\n{\"f\":\"acb\"}\n{\"f\":\"abbcc\"}\n{\"f\":\"abcb\"}",
        "0 1 3"},
    {"* then ?", FIELD("f: '*?x'"),
        "{\"f\":\"x\"}\n{\"f\":\"ax\"}\n{\"f\":\"aax\"}\n{\"f\":\"éx\"}", "1 2 3"},
    {"? at the end after *", FIELD("f: 'a*b?'"),
        "{\"f\":\"abc\"}\n{\"f\":\"ab\"}\n{\"f\":\"abxbé\"}\n{\"f\":\"abcd\"}", "0 2"},
    {"two ? behind *", FIELD("f: \"*??\""),
        "{\"f\":\"é\"}\n{\"f\":\"aé\"}\n{\"f\":\"–\"}\n{\"f\":\"abc\"}", "1 3"},
    {"backslash and *", FIELD("f: 'a\\*c'"), "{\"f\":\"a*c\"}\n{\"f\":\"abc\"}", "0"},
    {"backslash and ?", FIELD("f: 'a\\?c'"), "{\"f\":\"a?c\"}\n{\"f\":\"abc\"}", "0"},
    {"one backslash", FIELD("f: 'C:\\Windows'"),
        "{\"f\":\"C:\\\\Windows\"}\n{\"f\":\"C:\\\\\\\\Windows\"}", "0"},
    {"two backslashes are one", FIELD("f: 'C:\\\\Windows'"),
        "{\"f\":\"C:\\\\Windows\"}\n{\"f\":\"C:\\\\\\\\Windows\"}", "0"},
    {"two backslashes and *", FIELD("f: 'C:\\\\*'"),
        "{\"f\":\"C:\\\\x\"}\n{\"f\":\"C:*\"}\n{\"f\":\"C:x\"}", "0"},
    {"three backslashes and *", FIELD("f: 'a\\\\\\*'"), "{\"f\":\"a\\\\*\"}\n{\"f\":\"a\\\\x\"}",
        "0"},
    {"three backslashes are two", FIELD("f: '\\\\\\srv'"),
        "{\"f\":\"\\\\\\\\srv\"}\n{\"f\":\"\\\\srv\"}", "0"},
    {"four backslashes are two", FIELD("f|startswith: '\\\\\\\\srv'"),
        "{\"f\":\"\\\\\\\\srv\\\\a\"}\n{\"f\":\"\\\\srv\"}", "0"},
    {"a backslash at the end", FIELD("f|contains: 'C:\\'"), "{\"f\":\"x C:\\\\y\"}\n{\"f\":\"C:\"}",
        "0"},
    {"wildcards do not escape the modifier's *", FIELD("f|endswith: '\\cmd.exe'"),
        "{\"f\":\"C:\\\\cmd.exe\"}\n{\"f\":\"C:\\\\xcmd.exe\"}", "0"},
};

/* --- shapes --- */

static const struct vector shapes[] = {
    {"contains", FIELD("f|contains: 'ell'"),
        "{\"f\":\"Hello\"}\n{\"f\":\"HELL\"}\n{\"f\":\"hallo\"}\n{}\n{\"f\":null}", "0 1"},
    {"startswith", FIELD("f|startswith: 'he'"),
        "{\"f\":\"Hello\"}\n{\"f\":\"ohe\"}\n{\"f\":\"HE\"}\n{}", "0 2"},
    {"endswith", FIELD("f|endswith: '.exe'"),
        "{\"f\":\"a.EXE\"}\n{\"f\":\"a.exe \"}\n{\"f\":\".exe\"}\n{}", "0 2"},
    {"contains, a list", FIELD("f|contains: [aa, bb]"),
        "{\"f\":\"xaax\"}\n{\"f\":\"xbbx\"}\n{\"f\":\"xabx\"}", "0 1"},
    {"contains|all", FIELD("f|contains|all: [aa, bb]"),
        "{\"f\":\"aabb\"}\n{\"f\":\"bb aa\"}\n{\"f\":\"aa\"}\n{}", "0 1"},
    {"all|contains", FIELD("f|all|contains: [aa, bb]"), "{\"f\":\"aabb\"}\n{\"f\":\"aa\"}", "0"},
    {"startswith|all", FIELD("f|startswith|all: [a, ab]"), "{\"f\":\"abc\"}\n{\"f\":\"ac\"}", "0"},
    {"all over a list of the event", FIELD("f|contains|all: [aa, bb]"),
        "{\"f\":[\"xaa\",\"xbb\"]}\n{\"f\":[\"xaa\",\"c\"]}", "0"},
    {"all with one value", FIELD("f|contains|all: aa"), "{\"f\":\"xaax\"}\n{\"f\":\"x\"}", "0"},
    {"contains with * inside", FIELD("f|contains: 'a*b'"),
        "{\"f\":\"xxaYYbxx\"}\n{\"f\":\"xxbaxx\"}", "0"},
    {"contains with ? at the edge", FIELD("f|contains: '?b'"),
        "{\"f\":\"b\"}\n{\"f\":\"xab\"}\n{\"f\":\"bb\"}", "1 2"},
    {"endswith with ? inside", FIELD("f|endswith: 'a?b'"),
        "{\"f\":\"xaéb\"}\n{\"f\":\"xab\"}\n{\"f\":\"aabacb\"}\n{\"f\":\"axbc\"}", "0 2"},
    {"contains a number", FIELD("f|contains: 46"), "{\"f\":14688}\n{\"f\":\"x46\"}\n{\"f\":4}",
        "0 1"},
    {"startswith on a number", FIELD("f|startswith: '46'"), "{\"f\":4688}\n{\"f\":1468}", "0"},
    {"contains nothing", FIELD("f|contains: ''"), "{\"f\":\"\"}\n{\"f\":\"a\"}\n{}", "0 1"},
    {"cased", FIELD("f|cased: AbC"), "{\"f\":\"AbC\"}\n{\"f\":\"abc\"}\n{\"f\":\"ABC\"}", "0"},
    {"contains|cased", FIELD("f|contains|cased: AbC"), "{\"f\":\"xAbCx\"}\n{\"f\":\"xabcx\"}", "0"},
    {"cased|contains", FIELD("f|cased|contains: AbC"), "{\"f\":\"xAbCx\"}\n{\"f\":\"xabcx\"}", "0"},
    {"cased|endswith|all", FIELD("f|cased|endswith|all: ['C', 'bC']"),
        "{\"f\":\"abC\"}\n{\"f\":\"abc\"}", "0"},
    {"cased with wildcards", FIELD("f|cased: 'A*C'"),
        "{\"f\":\"AxC\"}\n{\"f\":\"axc\"}\n{\"f\":\"Axc\"}", "0"},
    {"not contains: absent counts as not matching", "  a:\n    f|contains: x\n  condition: not a\n",
        "{}\n{\"f\":\"x\"}\n{\"f\":\"y\"}\n{\"f\":null}", "0 2 3"},
};

/* --- windash and encodings --- */

static const struct vector encodings[] = {
    {"windash", FIELD("f|contains|windash: ' -enc '"),
        "{\"f\":\"p -enc x\"}\n{\"f\":\"p /enc x\"}\n{\"f\":\"p –enc x\"}\n{\"f\":\"p —ENC "
        "x\"}\n{\"f\":\"p ―enc x\"}\n{\"f\":\"p +enc x\"}\n{\"f\":\"penc\"}",
        "0 1 2 3 4"},
    {"windash of a slash", FIELD("f|windash|contains: ' /c '"),
        "{\"f\":\"cmd -c x\"}\n{\"f\":\"cmd /c x\"}\n{\"f\":\"cmd c x\"}", "0 1"},
    {"windash at the begin", FIELD("f|windash: '-a'"),
        "{\"f\":\"/a\"}\n{\"f\":\"-A\"}\n{\"f\":\"–a\"}\n{\"f\":\"x-a\"}", "0 1 2"},
    {"windash leaves dashes inside words", FIELD("f|windash|contains: '-exec-policy'"),
        "{\"f\":\"/exec-policy\"}\n{\"f\":\"/exec/policy\"}", "0"},
    {"windash: every dash by itself", FIELD("f|windash|contains: ' -a -b'"),
        "{\"f\":\"x /a -b\"}\n{\"f\":\"x -a –b\"}\n{\"f\":\"x -a b\"}", "0 1"},
    {"windash|contains|all", FIELD("f|windash|contains|all: [' -a', ' -b']"),
        "{\"f\":\"x /a -b\"}\n{\"f\":\"x -a\"}\n{\"f\":\"x -b /a\"}", "0 2"},
    {"windash|endswith", FIELD("f|endswith|windash: ' -x'"),
        "{\"f\":\"a /x\"}\n{\"f\":\"a —x\"}\n{\"f\":\"a /x \"}", "0 1"},
    {"windash|startswith", FIELD("f|startswith|windash: '-x'"),
        "{\"f\":\"—x y\"}\n{\"f\":\"y -x\"}", "0"},
    {"windash|cased", FIELD("f|windash|contains|cased: ' -E '"),
        "{\"f\":\"a /E b\"}\n{\"f\":\"a /e b\"}", "0"},
    {"windash|neq", FIELD("f|windash|neq: '-a'"), "{\"f\":\"/a\"}\n{\"f\":\"b\"}\n{}", "1"},
    {"windash with a wildcard", FIELD("f|windash: '*-e* x'"),
        "{\"f\":\"p /enc x\"}\n{\"f\":\"p –e x\"}\n{\"f\":\"p /enc y\"}", "0 1"},
    {"windash before base64", FIELD("f|windash|base64: '-a'"),
        "{\"f\":\"LWE=\"}\n{\"f\":\"L2E=\"}\n{\"f\":\"LWI=\"}", "0 1"},
    {"base64", FIELD("f|base64: 'foobar'"),
        "{\"f\":\"Zm9vYmFy\"}\n{\"f\":\"foobar\"}\n{\"f\":\"xZm9vYmFy\"}", "0"},
    {"base64 with padding", FIELD("f|base64: 'fo'"), "{\"f\":\"Zm8=\"}\n{\"f\":\"Zm8\"}", "0"},
    {"base64|contains", FIELD("f|base64|contains: 'foobar'"),
        "{\"f\":\"x Zm9vYmFy y\"}\n{\"f\":\"foobar\"}", "0"},
    {"base64|contains|cased", FIELD("f|base64|contains|cased: 'foobar'"),
        "{\"f\":\"x Zm9vYmFy y\"}\n{\"f\":\"x zm9vymfy y\"}", "0"},
    {"base64offset|contains", FIELD("f|base64offset|contains: '/bin/bash'"),
        "{\"f\":\"L2Jpbi9iYXNoIC1p\"}\n{\"f\":\"YS9iaW4vYmFzaCAtaQ==\"}\n{\"f\":"
        "\"YWIvYmluL2Jhc2ggLWk=\"}\n{\"f\":\"L2Jpbi9kYXNo\"}",
        "0 1 2"},
    {"base64offset|contains|all", FIELD("f|base64offset|contains|all: ['/bin/bash', 'curl']"),
        "{\"f\":\"L2Jpbi9iYXNoIGN1cmw=\"}\n{\"f\":\"L2Jpbi9iYXNo\"}", "0"},
    {"utf16le|base64", FIELD("f|utf16le|base64: 'hi'"), "{\"f\":\"aABpAA==\"}\n{\"f\":\"aGk=\"}",
        "0"},
    {"wide|base64offset|contains", FIELD("f|wide|base64offset|contains: 'ping'"),
        "{\"f\":\"eAB4ACAAcABpAG4AZwAgAHkAeQA=\"}\n{\"f\":\"eAAgAHAAaQBuAGcAIAB5AHkA\"}\n{\"f\":"
        "\"cGluZw==\"}",
        "0 1"},
    {"utf16be|base64", FIELD("f|utf16be|base64: 'hi'"),
        "{\"f\":\"AGgAaQ==\"}\n{\"f\":\"aABpAA==\"}", "0"},
    {"utf16|base64: with the byte order mark", FIELD("f|utf16|base64: 'hi'"),
        "{\"f\":\"//5oAGkA\"}\n{\"f\":\"aABpAA==\"}", "0"},
    {"utf16|base64offset|contains", FIELD("f|utf16|base64offset|contains: 'hi'"),
        "{\"f\":\"x//5oAGkAeA==\"}\n{\"f\":\"AGgAaQ==\"}", "0"},
    {"wide beyond ASCII", FIELD("f|wide|base64: 'é😀'"), "{\"f\":\"6QA92ADe\"}\n{\"f\":\"w6k=\"}",
        "0"},
    {"base64 of an escaped wildcard", FIELD("f|base64: 'a\\*'"),
        "{\"f\":\"YSo=\"}\n{\"f\":\"YVwq\"}", "0"},
};

/* --- regular expressions, addresses, numbers --- */

static const struct vector typed[] = {
    {"re", FIELD("f|re: 'ab+c'"),
        "{\"f\":\"xabbcx\"}\n{\"f\":\"xABBCx\"}\n{\"f\":\"ac\"}\n{}\n{\"f\":null}", "0"},
    {"re|i", FIELD("f|re|i: 'ab+c'"), "{\"f\":\"xABBCx\"}\n{\"f\":\"ac\"}", "0"},
    {"re (?i)", FIELD("f|re: '(?i)ab+c'"), "{\"f\":\"xABBCx\"}", "0"},
    {"re with ^ and $", FIELD("f|re: '^ab$'"),
        "{\"f\":\"ab\"}\n{\"f\":\"xab\"}\n{\"f\":\"abx\"}\n{\"f\":\"x\\nab\"}", "0"},
    {"re: . and the line end", FIELD("f|re: 'a.c'"), "{\"f\":\"abc\"}\n{\"f\":\"a\\nc\"}", "0"},
    {"re|s", FIELD("f|re|s: 'a.c'"), "{\"f\":\"abc\"}\n{\"f\":\"a\\nc\"}", "0 1"},
    {"re|m", FIELD("f|re|m: '^b$'"), "{\"f\":\"a\\nb\\nc\"}\n{\"f\":\"abc\"}", "0"},
    {"re|m|s|i", FIELD("f|re|m|s|i: '^B.C$'"), "{\"f\":\"a\\nb\\nc\"}\n{\"f\":\"xb\\nc\"}", "0"},
    {"re with classes and bounds", FIELD("f|re: '\\s[a-z]{3,5}\\d{2}\\b'"),
        "{\"f\":\"x abc12\"}\n{\"f\":\"x ab12\"}\n{\"f\":\"x abcdef12\"}", "0"},
    {"re with alternatives", FIELD("f|re: '(?:foo|bar).*?baz'"),
        "{\"f\":\"xx bar 1 baz\"}\n{\"f\":\"baz bar\"}", "0"},
    {"re with a back reference", FIELD("f|re: '(ab)\\1'"), "{\"f\":\"xabab\"}\n{\"f\":\"abba\"}",
        "0"},
    {"re with look-ahead", FIELD("f|re: 'a(?!b)'"), "{\"f\":\"ac\"}\n{\"f\":\"ab\"}", "0"},
    {"re, a list", FIELD("f|re: ['^a', 'z$']"), "{\"f\":\"ab\"}\n{\"f\":\"yz\"}\n{\"f\":\"b\"}",
        "0 1"},
    {"re|all", FIELD("f|re|all: ['^a', 'z$']"), "{\"f\":\"a-z\"}\n{\"f\":\"ab\"}", "0"},
    {"re|neq", FIELD("f|re|neq: '^a'"), "{\"f\":\"ba\"}\n{\"f\":\"ab\"}\n{}", "0"},
    {"re keeps backslashes and wildcards", FIELD("f|re: '^C:\\\\\\\\x\\*$'"),
        "{\"f\":\"C:\\\\\\\\x*\"}\n{\"f\":\"C:\\\\x*\"}", "0"},
    {"re|startswith and re|endswith",
        SELECT("    f|re|startswith: 'b+'\n    g|re|endswith: 'b+'\n"),
        "{\"f\":\"bba\",\"g\":\"abb\"}\n{\"f\":\"abb\",\"g\":\"abb\"}\n{\"f\":\"bba\",\"g\":"
        "\"bba\"}",
        "0"},
    {"re|contains", FIELD("f|re|contains: 'b|c'"), "{\"f\":\"abd\"}\n{\"f\":\"ad\"}", "0"},
    {"re on numbers", FIELD("f|re: '^46\\d+$'"), "{\"f\":4688}\n{\"f\":1468}", "0"},
    {"re and characters beyond ASCII", FIELD("f|re|i: '^Ä.x$'"),
        "{\"f\":\"äéx\"}\n{\"f\":\"äéyx\"}", "0"},
    {"re and malformed UTF-8", FIELD("f|re: 'evil'"), "{\"f\":\"\\xff evil \\xc3\"}", "0"},
    {"re across a malformed byte", FIELD("f|re: '^ev.il$'"), "{\"f\":\"ev\\xffil\"}", "0"},
    {"re and what is no word beyond ASCII", FIELD("f|re: '^\\W\\S$'"), "{\"f\":\"「火\"}", "0"},
    {"cidr", FIELD("f|cidr: '10.0.0.0/8'"),
        "{\"f\":\"10.1.2.3\"}\n{\"f\":\"11.0.0.1\"}\n{\"f\":\"10.1.2\"}\n{\"f\":\"x10.1.2.3\"}\n{}"
        "\n{\"f\":\"010.1.2.3\"}",
        "0"},
    {"cidr with odd bits", FIELD("f|cidr: '172.16.0.0/12'"),
        "{\"f\":\"172.31.255.255\"}\n{\"f\":\"172.32.0.0\"}\n{\"f\":\"172.16.0.0\"}\n{\"f\":\"172."
        "15.255.255\"}",
        "0 2"},
    {"cidr, edges", FIELD("f|cidr: ['0.0.0.0/0']"),
        "{\"f\":\"255.255.255.255\"}\n{\"f\":\"::1\"}\n{\"f\":\"-\"}", "0"},
    {"cidr of one address", FIELD("f|cidr: '192.0.2.1/32'"),
        "{\"f\":\"192.0.2.1\"}\n{\"f\":\"192.0.2.2\"}", "0"},
    {"cidr, IPv6", FIELD("f|cidr: '2001:db8::/33'"),
        "{\"f\":\"2001:DB8::1\"}\n{\"f\":\"2001:db8:8000::1\"}\n{\"f\":\"2001:0db8:0:0:0:0:0:2\"}"
        "\n{\"f\":\"32.1.13.184\"}",
        "0 2"},
    {"cidr, mixed list", FIELD("f|cidr: ['127.0.0.0/8', '::1/128', 'fe80::/10']"),
        "{\"f\":\"127.0.0.1\"}\n{\"f\":\"::1\"}\n{\"f\":\"0:0:0:0:0:0:0:1\"}\n{\"f\":\"::ffff:127."
        "0.0.1\"}\n{\"f\":\"fe80::1%eth0\"}",
        "0 1 2 4"},
    {"not cidr", "  s:\n    g: 1\n  n:\n    f|cidr: '10.0.0.0/8'\n  condition: s and not n\n",
        "{\"g\":1}\n{\"g\":1,\"f\":\"10.0.0.1\"}\n{\"g\":1,\"f\":\"-\"}", "0 2"},
    {"cidr|neq", FIELD("f|cidr|neq: '10.0.0.0/8'"),
        "{\"f\":\"10.0.0.1\"}\n{\"f\":\"192.0.2.1\"}\n{}", "1"},
    {"gt", FIELD("f|gt: 10"),
        "{\"f\":9}\n{\"f\":\"10\"}\n{\"f\":11}\n{\"f\":\"abc\"}\n{}\n{\"f\":\"10.5\"}\n{\"f\":null}"
        "\n{\"f\":true}",
        "2 5"},
    {"gte", FIELD("f|gte: 10"), "{\"f\":9}\n{\"f\":\"10\"}\n{\"f\":11}\n{\"f\":\"abc\"}\n{}",
        "1 2"},
    {"lt", FIELD("f|lt: 10"),
        "{\"f\":9}\n{\"f\":\"10\"}\n{\"f\":11}\n{\"f\":\"abc\"}\n{}\n{\"f\":\"\"}\n{\"f\":-3}",
        "0 6"},
    {"lte", FIELD("f|lte: 10"), "{\"f\":9}\n{\"f\":\"10\"}\n{\"f\":11}\n{\"f\":\"abc\"}\n{}",
        "0 1"},
    {"numbers are not compared as text", FIELD("f|gt: 9"), "{\"f\":\"10\"}\n{\"f\":\"9\"}", "0"},
    {"a fraction to compare with", FIELD("f|lt: 0.5"), "{\"f\":0.25}\n{\"f\":0.5}\n{\"f\":1}", "0"},
    {"a number in quotes to compare with", FIELD("f|gte: '10'"), "{\"f\":10}\n{\"f\":9}", "0"},
    {"two limits", SELECT("    f|gte: 10\n    f|lt: 20\n"),
        "{\"f\":9}\n{\"f\":10}\n{\"f\":19}\n{\"f\":20}", "1 2"},
    {"a list to compare with", FIELD("f|gt: [10, 5]"), "{\"f\":6}\n{\"f\":4}", "0"},
    {"any of the event's values is compared", FIELD("f|gt: 10"), "{\"f\":[1,20]}\n{\"f\":[1,2]}",
        "0"},
};

/* --- neq, exists, fieldref, times --- */

static const struct vector others[] = {
    {"neq", FIELD("f|neq: 'a'"), "{\"f\":\"b\"}\n{\"f\":\"A\"}\n{}\n{\"f\":null}\n{\"f\":\"\"}",
        "0 4"},
    {"neq on numbers", FIELD("f|neq: 10"),
        "{\"f\":10}\n{\"f\":\"10\"}\n{\"f\":11}\n{\"f\":\"abc\"}\n{}\n{\"f\":10.0}", "2 3"},
    {"neq, a list: none of them", FIELD("f|neq: [a, b]"),
        "{\"f\":\"a\"}\n{\"f\":\"b\"}\n{\"f\":\"c\"}\n{}", "2"},
    {"neq on a list: none of its values", FIELD("f|neq: a"),
        "{\"f\":[\"a\",\"b\"]}\n{\"f\":[\"b\",\"c\"]}", "1"},
    {"neq|contains", FIELD("f|contains|neq: a"), "{\"f\":\"xay\"}\n{\"f\":\"xy\"}\n{}", "1"},
    {"neq|contains|all: not all of them", FIELD("f|neq|contains|all: [a, b]"),
        "{\"f\":\"ab\"}\n{\"f\":\"a\"}\n{\"f\":\"\"}\n{}", "1 2"},
    {"neq|cased", FIELD("f|neq|cased: a"), "{\"f\":\"A\"}\n{\"f\":\"a\"}", "0"},
    {"neq null: there and not null", FIELD("f|neq: null"), "{\"f\":\"\"}\n{\"f\":null}\n{}", "0"},
    {"neq ''", FIELD("f|neq: ''"), "{\"f\":\"\"}\n{\"f\":\"a\"}\n{}", "1"},
    {"not neq", "  a:\n    f|neq: x\n  condition: not a\n", "{\"f\":\"x\"}\n{\"f\":\"y\"}\n{}",
        "0 2"},
    {"exists: true", FIELD("f|exists: true"),
        "{\"f\":\"x\"}\n{\"f\":\"\"}\n{\"f\":null}\n{\"g\":1}", "0 1 2"},
    {"exists: false", FIELD("f|exists: false"),
        "{\"f\":\"x\"}\n{\"f\":\"\"}\n{\"f\":null}\n{\"g\":1}", "3"},
    {"not exists", "  a:\n    f|exists: true\n  condition: not a\n", "{\"f\":0}\n{}", "1"},
    {"fieldref", FIELD("f|fieldref: g"),
        "{\"f\":\"a\",\"g\":\"A\"}\n{\"f\":\"a\",\"g\":\"b\"}\n{\"f\":\"a\"}\n{\"g\":\"a\"}\n{}\n{"
        "\"f\":null,\"g\":null}\n{\"f\":1,\"g\":\"1\"}",
        "0 6"},
    {"fieldref, a list", FIELD("f|fieldref: [g, h]"),
        "{\"f\":\"a\",\"g\":\"x\",\"h\":\"a\"}\n{\"f\":\"a\",\"g\":\"x\"}", "0"},
    {"fieldref|all", FIELD("f|fieldref|all: [g, h]"),
        "{\"f\":\"a\",\"g\":\"a\",\"h\":\"a\"}\n{\"f\":\"a\",\"g\":\"a\",\"h\":\"b\"}", "0"},
    {"fieldref|neq", FIELD("f|fieldref|neq: g"),
        "{\"f\":\"a\",\"g\":\"a\"}\n{\"f\":\"a\",\"g\":\"b\"}\n{\"f\":\"a\"}\n{\"g\":\"a\"}", "1"},
    {"fieldref|startswith", FIELD("f|fieldref|startswith: g"),
        "{\"f\":\"abc\",\"g\":\"AB\"}\n{\"f\":\"cab\",\"g\":\"ab\"}\n{\"f\":\"ab\",\"g\":\"abc\"}",
        "0"},
    {"fieldref|endswith", FIELD("f|endswith|fieldref: g"),
        "{\"f\":\"cab\",\"g\":\"AB\"}\n{\"f\":\"abc\",\"g\":\"ab\"}", "0"},
    {"fieldref|contains", FIELD("f|fieldref|contains: g"),
        "{\"f\":\"xabx\",\"g\":\"AB\"}\n{\"f\":\"xx\",\"g\":\"ab\"}", "0"},
    {"fieldref|cased", FIELD("f|fieldref|cased: g"),
        "{\"f\":\"a\",\"g\":\"a\"}\n{\"f\":\"a\",\"g\":\"A\"}", "0"},
    {"fieldref on lists", FIELD("f|fieldref: g"),
        "{\"f\":[\"a\",\"b\"],\"g\":[\"c\",\"b\"]}\n{\"f\":[\"a\"],\"g\":[\"b\"]}", "0"},
    {"fieldref takes wildcards for text", FIELD("f|fieldref|contains: g"),
        "{\"f\":\"a*b\",\"g\":\"*\"}\n{\"f\":\"ab\",\"g\":\"*\"}", "0"},
    {"minute", FIELD("f|minute: 5"),
        "{\"f\":\"2021-03-09T14:05:33Z\"}\n{\"f\":\"2022-04-10T15:06:33Z\"}\n{}\n{\"f\":\"x\"}",
        "0"},
    {"hour, as written", FIELD("f|hour: 14"),
        "{\"f\":\"2021-03-09T14:05:33Z\"}\n{\"f\":\"2021-03-09 "
        "14:05:33\"}\n{\"f\":\"2021-03-09T14:05:33+09:00\"}\n{\"f\":\"2021-03-09T15:05:33Z\"}",
        "0 1 2"},
    {"day", FIELD("f|day: 9"), "{\"f\":\"2021-03-09T14:05:33Z\"}\n{\"f\":\"2022-04-10T15:06:33Z\"}",
        "0"},
    {"week", FIELD("f|week: 10"),
        "{\"f\":\"2021-03-09T14:05:33Z\"}\n{\"f\":\"2022-04-10T15:06:33Z\"}\n{\"f\":\"2021-03-"
        "07T23:59:59Z\"}",
        "0"},
    {"week 53", FIELD("f|week: 53"),
        "{\"f\":\"2021-01-01T00:00:00Z\"}\n{\"f\":\"2021-01-04T00:00:00Z\"}", "0"},
    {"month", FIELD("f|month: 3"),
        "{\"f\":\"2021-03-09T14:05:33Z\"}\n{\"f\":\"2022-04-10T15:06:33Z\"}", "0"},
    {"year", FIELD("f|year: 2021"),
        "{\"f\":\"2021-03-09T14:05:33.123Z\"}\n{\"f\":\"2022-04-10T15:06:33Z\"}", "0"},
    {"a list of hours", FIELD("f|hour: [22, 23, 0]"),
        "{\"f\":\"2021-03-09T23:05:33Z\"}\n{\"f\":\"2021-03-09T12:05:33Z\"}", "0"},
    {"hours from", FIELD("f|hour|gte: 22"),
        "{\"f\":\"2021-03-09T23:05:33Z\"}\n{\"f\":\"2021-03-09T21:59:59Z\"}", "0"},
    {"hour|neq", FIELD("f|hour|neq: 14"),
        "{\"f\":\"2021-03-09T14:05:33Z\"}\n{\"f\":\"2021-03-09T15:05:33Z\"}\n{}", "1"},
};

/* --- lists, keywords, conditions --- */

static const struct vector selections[] = {
    {"a list of maps is or", SELECT("    - f: a\n    - g: b\n"),
        "{\"f\":\"a\"}\n{\"g\":\"b\"}\n{\"f\":\"b\"}", "0 1"},
    {"maps of a list are and inside", SELECT("    - f: a\n      h: 1\n    - g: b\n"),
        "{\"f\":\"a\"}\n{\"f\":\"a\",\"h\":1}\n{\"g\":\"b\"}", "1 2"},
    {"a list of keywords and maps", SELECT("    - evil\n    - g: b\n"),
        "{\"x\":\"so evil\"}\n{\"g\":\"b\"}\n{\"g\":\"c\"}", "0 1"},
    {"a list in a list", SELECT("    - [aa, bb]\n    - g: c\n"),
        "{\"x\":\"xbbx\"}\n{\"g\":\"c\"}\n{\"x\":\"ab\"}", "0 1"},
    {"keywords", SELECT("    - 'evil'\n    - 'bad thing'\n"),
        "{\"a\":\"so EVIL\"}\n{\"b\":\"a bad thing here\"}\n{\"c\":\"fine\"}\n{\"evil\":\"x\"}\n{}",
        "0 1"},
    {"one keyword", SELECT("    evil word\n"),
        "{\"a\":\"an evil word.\"}\n{\"a\":\"evil\",\"b\":\"word\"}", "0"},
    {"keywords with wildcards", SELECT("    - 'a*z'\n"), "{\"x\":\"1 a - z 2\"}\n{\"x\":\"z a\"}",
        "0"},
    {"keywords that are numbers", SELECT("    - 4688\n"),
        "{\"x\":4688}\n{\"x\":\"id 4688!\"}\n{\"x\":46}", "0 1"},
    {"keywords in nested fields and lists", SELECT("    - evil\n"),
        "{\"a\":{\"b\":[\"x\",\"Evil\"]}}\n{\"a\":null}", "0"},
    {"'|all'", SELECT("    '|all':\n      - one\n      - two\n"),
        "{\"a\":\"one\",\"b\":\"two\"}\n{\"a\":\"one\"}\n{\"a\":\"two one\"}", "0 2"},
    {"keywords with re", SELECT("    '|re': '^ev.l$'\n"), "{\"a\":\"evil\"}\n{\"a\":\"an evil\"}",
        "0"},
    {"keywords with cased", SELECT("    '|cased':\n      - EVIL\n"),
        "{\"a\":\"so EVIL\"}\n{\"a\":\"so evil\"}", "0"},
    {"keywords with startswith", SELECT("    '|startswith': ev\n"),
        "{\"a\":\"evil\"}\n{\"a\":\"devil\"}", "0"},
    {"keywords with windash and base64offset",
        SELECT("    '|base64offset|contains': ping\n    '|windash': ' -x'\n"),
        "{\"a\":\"cGluZw==\",\"b\":\"a /x\"}\n{\"a\":\"cGluZw==\"}", "0"},
    {"not keywords", "  keywords:\n    - evil\n  condition: not keywords\n",
        "{\"a\":\"evil\"}\n{\"a\":\"good\"}\n{}", "1 2"},
    {"keywords in the raw value of backslashes", SELECT("    - 'C:\\Temp'\n"),
        "{\"a\":\"run C:\\\\temp\\\\x\"}\n{\"a\":\"C:/temp\"}", "0"},
};

#define THREE "  a:\n    f: 1\n  b:\n    g: 1\n  c:\n    h: 1\n  _d:\n    i: 1\n  condition: "
#define NAMED "  sel_a:\n    f: 1\n  sel_b:\n    g: 1\n  filter_x:\n    h: 1\n  condition: "
/*               0          1          2          3                4                      5 6 */
#define EVENTS                                                                                     \
    "{\"f\":1}\n{\"g\":1}\n{\"h\":1}\n{\"f\":1,\"g\":1}\n{\"f\":1,\"g\":1,\"h\":1}\n{\"i\":1}\n{}"

static const struct vector conditions[] = {
    {"and binds tighter than or", THREE "a or b and c\n", EVENTS, "0 3 4"},
    {"and before or", THREE "a and b or c\n", EVENTS, "2 3 4"},
    {"not binds tightest", THREE "a and not b and not c\n", EVENTS, "0"},
    {"not or", THREE "not a or b\n", EVENTS, "1 2 3 4 5 6"},
    {"parentheses", THREE "(a or b) and c\n", EVENTS, "4"},
    {"not of a group", THREE "not (a or b)\n", EVENTS, "2 5 6"},
    {"not not", THREE "not not a\n", EVENTS, "0 3 4"},
    {"1 of them skips _names", THREE "1 of them\n", EVENTS, "0 1 2 3 4"},
    {"any of them", THREE "any of them\n", EVENTS, "0 1 2 3 4"},
    {"all of them skips _names", THREE "all of them\n", EVENTS, "4"},
    {"2 of them", THREE "2 of them\n", EVENTS, "3 4"},
    {"a name with _ by itself", THREE "_d\n", EVENTS, "5"},
    {"a pattern with _", THREE "1 of _*\n", EVENTS, "5"},
    {"not 1 of them", THREE "not 1 of them\n", EVENTS, "5 6"},
    {"1 of pattern", NAMED "1 of sel_*\n", EVENTS, "0 1 3 4"},
    {"all of pattern", NAMED "all of sel_*\n", EVENTS, "3 4"},
    {"any of pattern", NAMED "any of sel_*\n", EVENTS, "0 1 3 4"},
    {"* in the middle", NAMED "1 of s*_a\n", EVENTS, "0 3 4"},
    {"* in front", NAMED "1 of *_x\n", EVENTS, "2 4"},
    {"a pattern without *", NAMED "1 of sel_a\n", EVENTS, "0 3 4"},
    {"a pattern and not a pattern", NAMED "1 of sel_* and not 1 of filter_*\n", EVENTS, "0 1 3"},
    {"not 1 of nothing", NAMED "sel_a and not 1 of gone_*\n", EVENTS, "0 3 4"},
    {"words in capitals", NAMED "sel_a AND NOT filter_x OR 1 OF filter_*\n", EVENTS, "0 2 3 4"},
    {"a list is or", NAMED "\n    - sel_a\n    - filter_x\n", EVENTS, "0 2 3 4"},
    {"a list of one", NAMED "[sel_a]\n", EVENTS, "0 3 4"},
    {"not of an absent field", NAMED "not sel_a\n", EVENTS, "1 2 5 6"},
    {"deep nesting", NAMED "((sel_a) or (sel_b and (not filter_x or sel_a)))\n", EVENTS, "0 1 3 4"},
    {"without spaces", NAMED "(sel_a)and(sel_b)\n", EVENTS, "3 4"},
    {"a condition over lines", NAMED ">-\n    sel_a\n    and sel_b\n", EVENTS, "3 4"},
    {"timeframe is no selection", "  timeframe: 5m\n" NAMED "1 of them\n", EVENTS, "0 1 2 3 4"},
    {"a name used twice", NAMED "sel_a and (sel_b or sel_a)\n", EVENTS, "0 3 4"},
};

static void check(const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct detect_test test;
        struct buf yaml;
        size_t rules;
        detect_test_begin(&test);
        buf_init(&yaml, 4096);
        buf_append(&yaml, S("title: t\nlogsource:\n  category: test\ndetection:\n"));
        buf_append_cstr(&yaml, vectors[i].detection);
        rule_set_add(test.set, S("t.yml"), buf_slice(&yaml), false);
        detect_test_compile(&test);
        const struct rule *rule = rule_set_rules(test.set, &rules);
        if (rules != 1 || rule->refused)
            fail_msg("%s: %.*s", vectors[i].feature, (int)rule->reason.len, rule->reason.at);
        slice got = detect_test_match(&test, slice_from_cstr(vectors[i].events), false);
        if (!slice_equal(got, slice_from_cstr(vectors[i].match)))
            fail_msg("%s: matches \"%.*s\" instead of \"%s\"", vectors[i].feature, (int)got.len,
                got.at, vectors[i].match);
        buf_free(&yaml);
        detect_test_end(&test);
    }
}

#define CHECK(vectors)                                                                             \
    static void match_##vectors(void **state)                                                      \
    {                                                                                              \
        (void)state;                                                                               \
        check(vectors, sizeof(vectors) / sizeof(*(vectors)));                                      \
    }

CHECK(plain_values)
CHECK(wildcards)
CHECK(shapes)
CHECK(encodings)
CHECK(typed)
CHECK(others)
CHECK(selections)
CHECK(conditions)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_plain_values),
        cmocka_unit_test(match_wildcards),
        cmocka_unit_test(match_shapes),
        cmocka_unit_test(match_encodings),
        cmocka_unit_test(match_typed),
        cmocka_unit_test(match_others),
        cmocka_unit_test(match_selections),
        cmocka_unit_test(match_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
