/* What a fuzz target consists of. Each fuzz/NAME.c defines LLVMFuzzerTestOneInput, which asserts a
 * property of the code that it calls, and LLVMFuzzerInitialize where something must be prepared
 * once. The driver is libFuzzer's, or main.c. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Prepares once, before the first input. Returns 0. Optional. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

/* Tries one input. Returns 0; a violated property asserts. `data` belongs to the caller. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
