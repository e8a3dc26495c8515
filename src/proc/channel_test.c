/* Frames arrive as they were sent, whatever their size, with their descriptors; nonsense is
 * refused. */
#include "proc/channel.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "base/test.h"

static void test_frames(void **context)
{
    static const size_t sizes[] = {0, 1, 5, 4096, 65536, CHANNEL_FRAME_MAX};
    struct channel *left, *right;
    struct error err;
    struct channel_frame frame;
    (void)context;
    assert_int_equal(channel_pair(&left, &right, &err), RESULT_OK);
    pid_t pid = fork();
    assert_true(pid >= 0);
    char *bytes = calloc(1, CHANNEL_FRAME_MAX);
    assert_non_null(bytes);
    memset(bytes, 'x', CHANNEL_FRAME_MAX);
    if (pid == 0) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
            if (channel_send(right, (uint8_t)i, slice_make(bytes, sizes[i]), &err) != RESULT_OK)
                _exit(1);
        _exit(channel_flush(right, &err) == RESULT_OK ? 0 : 1);
    }
    channel_free(right);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(channel_receive(left, &frame, &err), RESULT_OK);
        assert_int_equal(frame.type, i);
        assert_int_equal(frame.payload.len, sizes[i]);
        assert_true(slice_equal(frame.payload, slice_make(bytes, sizes[i])));
    }
    assert_int_equal(channel_receive(left, &frame, &err), RESULT_END);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    channel_free(left);
    free(bytes);
}

static void test_descriptors(void **context)
{
    struct channel *left, *right;
    struct error err;
    struct channel_frame frame;
    int pipe_fds[2];
    char byte;
    (void)context;
    assert_int_equal(channel_pair(&left, &right, &err), RESULT_OK);
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(channel_send(left, 1, S("before"), &err), RESULT_OK);
    assert_int_equal(channel_send_fds(left, 2, S("with"), pipe_fds, 2, &err), RESULT_OK);
    assert_int_equal(channel_receive(right, &frame, &err), RESULT_OK);
    assert_int_equal(frame.type, 1);
    for (size_t i = 0; i < frame.fd_count; i++) /* they may come with the bytes in front of them */
        close(frame.fds[i]);
    if (frame.fd_count == 0) {
        assert_int_equal(channel_receive(right, &frame, &err), RESULT_OK);
        assert_int_equal(frame.fd_count, 2);
        assert_int_equal(write(pipe_fds[1], "!", 1), 1);
        assert_int_equal(read(frame.fds[0], &byte, 1), 1);
        close(frame.fds[0]);
        close(frame.fds[1]);
    }
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    channel_free(left);
    channel_free(right);
}

static void test_gone_peer(void **context)
{
    struct channel *left, *right;
    struct error err;
    (void)context;
    assert_int_equal(channel_pair(&left, &right, &err), RESULT_OK);
    channel_free(right);
    assert_int_equal(channel_send(left, 1, S("x"), &err), RESULT_OK);
    assert_int_equal(channel_flush(left, &err), RESULT_END);
    channel_free(left);
}

static void test_huge_announcement(void **context)
{
    struct channel *left, *right;
    struct error err;
    struct channel_frame frame;
    static const unsigned char header[5] = {0xff, 0xff, 0xff, 0x7f, 1};
    (void)context;
    assert_int_equal(channel_pair(&left, &right, &err), RESULT_OK);
    assert_int_equal(write(channel_fd(left), header, sizeof(header)), sizeof(header));
    assert_int_equal(channel_receive(right, &frame, &err), RESULT_MALFORMED);
    channel_free(left);
    channel_free(right);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_gone_peer),
        cmocka_unit_test(test_huge_announcement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
