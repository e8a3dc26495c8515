/* Replays the corpus of a fuzz target as an ordinary test: `fuzz_NAME NAME.in`. Every input is
 * tried whole; of small ones every prefix as well, since most mistakes with bytes from outside are
 * about where they end. Each input lies in memory of exactly its size, so that AddressSanitizer
 * sees the first byte read too far. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { PREFIXES_INPUT_BYTES_MAX = 1024 };

static void fail(const char *what, const char *path)
{
    fprintf(stderr, "%s: %s: %s\n", path, what, strerror(errno));
    exit(EXIT_FAILURE);
}

static void try_input(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size);
    if (exact == NULL && size > 0)
        fail("out of memory", "input");
    if (size > 0)
        memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static uint8_t *read_input(int directory, const char *name, size_t *size)
{
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0)
        fail("cannot be opened", name);
    *size = (size_t)status.st_size;
    uint8_t *data = malloc(*size + 1);
    if (data == NULL || read(file, data, *size) != status.st_size)
        fail("cannot be read", name);
    close(file);
    return data;
}

static void replay(int directory, const char *name)
{
    size_t size = 0;
    uint8_t *data = read_input(directory, name, &size);
    printf("%s: %zu bytes\n", name, size);
    fflush(stdout);
    try_input(data, size);
    if (size <= PREFIXES_INPUT_BYTES_MAX)
        for (size_t len = 0; len < size; len++)
            try_input(data, len);
    free(data);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: fuzz_NAME CORPUS\n", stderr);
        return EXIT_FAILURE;
    }
    struct dirent **entries = NULL;
    int directory = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int count = scandir(argv[1], &entries, is_input, alphasort);
    if (directory < 0 || count <= 0)
        fail("no corpus", argv[1]);
    if (LLVMFuzzerInitialize != NULL)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 0; i < count; i++) {
        replay(directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    close(directory);
    return EXIT_SUCCESS;
}
