/* SHA-256 with the examples of NIST, and identities made from content. */
#include "wire/hash.h"

#include <string.h>

#include "base/test.h"

static void check_digest(hash_sha256 digest, slice expected)
{
    char memory[HASH_SHA256_LEN * 2];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof(memory));
    buf_append_hex(&text, slice_make(digest.bytes, sizeof(digest.bytes)));
    assert_slice(buf_slice(&text), expected);
}

static const struct {
    slice text;
    slice digest;
} examples[] = {
    {S_INIT(""), S_INIT("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")},
    {S_INIT("abc"), S_INIT("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")},
    {S_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
        S_INIT("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")},
    {S_INIT("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
            "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
        S_INIT("cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")},
};

static void gives_the_examples(void **state)
{
    (void)state;
    struct hasher *hasher = hasher_new();
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        check_digest(hash_sha256_of(examples[i].text), examples[i].digest);
        /* Byte by byte; the hasher starts anew after each digest. */
        for (size_t at = 0; at < examples[i].text.len; at++)
            hasher_add(hasher, slice_sub(examples[i].text, at, 1));
        hasher_add(hasher, (slice){NULL, 0});
        check_digest(hasher_finish(hasher), examples[i].digest);
    }
    hasher_free(hasher);
    hasher_free(NULL);
    check_digest(hash_sha256_of((slice){NULL, 0}), examples[0].digest);
}

static void hashes_a_million_bytes(void **state)
{
    (void)state;
    static char letters[1000];
    memset(letters, 'a', sizeof(letters));
    struct hasher *hasher = hasher_new();
    for (int i = 0; i < 1000; i++)
        hasher_add(hasher, slice_make(letters, sizeof(letters)));
    check_digest(hasher_finish(hasher),
        S("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    hasher_free(hasher);
}

static void makes_version_8(void **state)
{
    (void)state;
    char memory[36];
    struct buf text;
    /* The digest of "abc" with the version at digit 13 and the variant at digit 17. */
    buf_init_fixed(&text, memory, sizeof(memory));
    uuid_append(&text, uuid_from_content(S("abc")));
    assert_slice(buf_slice(&text), S("ba7816bf-8f01-8fea-8141-40de5dae2223"));
    for (char content = 0; content < 100; content++) {
        uuid id = uuid_from_content(slice_make(&content, 1));
        assert_int_equal(id.bytes[6] & 0xF0, 0x80);
        assert_int_equal(id.bytes[8] & 0xC0, 0x80);
        uuid back;
        buf_clear(&text);
        uuid_append(&text, id);
        assert_true(uuid_parse(buf_slice(&text), &back));
        assert_true(uuid_equal(id, back));
        assert_false(uuid_equal(id, uuid_from_content(S("abc"))));
    }
}

static void refuses_what_is_no_uuid(void **state)
{
    (void)state;
    static const slice wrong[] = {{NULL, 0}, S_INIT(""), S_INIT("ba7816bf8f018fea814140de5dae2223"),
        S_INIT("ba7816bf-8f01-8fea-8141-40de5dae222"),
        S_INIT("ba7816bf-8f01-8fea-8141-40de5dae22233"),
        S_INIT("ba7816bf-8f01-8fea-8141-40de5dae222g"),
        S_INIT("ba7816bf-8f01-8fea-814140-de5dae2223"),
        S_INIT("ba7816b-f8f01-8fea-8141-40de5dae2223"),
        S_INIT("{a7816bf-8f01-8fea-8141-40de5dae222}"),
        S_INIT("------------------------------------")};
    uuid id = {{7}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(uuid_parse(wrong[i], &id));
    assert_int_equal(id.bytes[0], 7);
    uuid lower;
    assert_true(uuid_parse(S("BA7816BF-8F01-8FEA-8141-40DE5DAE2223"), &id));
    assert_true(uuid_parse(S("ba7816bf-8f01-8fea-8141-40de5dae2223"), &lower));
    assert_true(uuid_equal(id, lower));
}

static void hashes_with_sha1(void **state)
{
    /* FIPS 180-1, appendix A, and the empty text. */
    hash_sha1 digest = hash_sha1_of(S("abc"));
    (void)state;
    assert_memory_equal(digest.bytes,
        "\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d",
        HASH_SHA1_LEN);
    digest = hash_sha1_of(S(""));
    assert_memory_equal(digest.bytes,
        "\xda\x39\xa3\xee\x5e\x6b\x4b\x0d\x32\x55\xbf\xef\x95\x60\x18\x90\xaf\xd8\x07\x09",
        HASH_SHA1_LEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_with_sha1),
        cmocka_unit_test(gives_the_examples),
        cmocka_unit_test(hashes_a_million_bytes),
        cmocka_unit_test(makes_version_8),
        cmocka_unit_test(refuses_what_is_no_uuid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
