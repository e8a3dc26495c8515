/* Where the process starts. */
#include "base/buf.h"
#include "base/version.h"

#include <unistd.h>

int main(void)
{
    struct buf out;
    buf_init(&out, 128);
    buf_append_cstr(&out, "hikeshi ");
    buf_append_cstr(&out, version_string());
    buf_append_byte(&out, '\n');
    bool written = write(STDOUT_FILENO, out.at, out.len) == (ssize_t)out.len;
    buf_free(&out);
    return written ? 2 : 3;
}
