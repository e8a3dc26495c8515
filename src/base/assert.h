/* Assertions that stay on in release. They are for programmer errors only; bad input never asserts.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#define ASSERT(condition)                                                                          \
    do {                                                                                           \
        if (__builtin_expect(!(condition), 0))                                                     \
            assert_failed(__FILE__, __LINE__, #condition);                                         \
    } while (0)

/* Writes one line to standard error and aborts. */
void assert_failed(const char *file, int line, const char *condition)
    __attribute__((noreturn, cold));

#endif
