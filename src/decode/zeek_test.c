/* Zeek's own format: types, lists, what is unset, several logs in one object. */
#include "decode/zeek.h"

#include "decode/decode_test.h"

#define HEAD "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"

static void types(void **state)
{
    (void)state;
    decode_test_expect("zeek", NULL,
        S(HEAD
            "#path\tdns\n#open\t2026\n"
            "#fields\tts\tuid\tid.orig_p\tquery\trejected\tanswers\tTTLs\tempty\n"
            "#types\ttime\tstring\tport\tstring\tbool\tvector[string]\tvector[interval]\tstring\n"
            "1500000000.123456\tC1\t53\ta\\x09b\tF\tx\\x2cy,z\t1.5,-\t(empty)\n"
            "1500000001\t-\t-\t-\t-\t(empty)\t-\t-\n#close\t2026\n"),
        "9@224 2017-07-14T02:40:00.123456Z "
        "{\"event.module\":\"zeek\",\"event.dataset\":\"zeek.dns\","
        "\"ts\":1500000000.123456,\"uid\":\"C1\",\"id.orig_p\":53,\"query\":\"a\\tb\","
        "\"rejected\":false,\"answers\":[\"x,y\",\"z\"],\"TTLs\":1.5,\"empty\":\"\"}\n"
        "10@280 2017-07-14T02:40:01Z {\"event.module\":\"zeek\",\"event.dataset\":\"zeek.dns\","
        "\"ts\":1500000001}\n");
}

static void several_logs(void **state)
{
    (void)state;
    decode_test_expect("zeek", "event.dataset,uid,note",
        S(HEAD "#path\tconn_long\n#fields\tts\tuid\n#types\ttime\tstring\n1500000000\tC1\n"
               "#separator |\n#fields|ts|note|msg\n#types|time|string|string\n1500000000|N|m\n"),
        "8@119 2017-07-14T02:40:00Z event.dataset=zeek.conn_long uid=C1\n"
        "12@192 2017-07-14T02:40:00Z event.dataset=zeek.notice note=N\n");
}

static void damage(void **state)
{
    (void)state;
    decode_test_expect("zeek", "uid",
        S("1\t2\n#fields\tts\tuid\n#"
          "types\ttime\tstring\n1500000000\n1500000000\ta\tb\n1500000000\tC"),
        "1@0 !2\n4@38 !2\n5@49 !2\n6@64 2017-07-14T02:40:00Z uid=C\n");
}

static void recognised(void **state)
{
    (void)state;
    assert_int_equal(zeek_sniff(S("#separator \\x09\n"), false), 99);
    assert_int_equal(zeek_sniff(S("#set_separator\t,\n#fields\tts\n"), false), 95);
    assert_int_equal(zeek_sniff(S("#Fields: a b\n"), true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(several_logs),
        cmocka_unit_test(damage),
        cmocka_unit_test(recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
