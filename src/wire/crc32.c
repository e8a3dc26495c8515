/* See crc32.h. Sixteen bytes a step through sixteen tables, made on first use. Where the processor
 * has carry-less multiplication (any x86-64 of the last decade), 64 bytes a step: by tables alone
 * the checksums of a chunk took a seventh of reading it. */
#include "wire/crc32.h"

#include <stdbool.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define CRC32_POLYNOMIAL UINT32_C(0xEDB88320)
#define CRC32_STEP       16

static uint32_t crc32_tables[CRC32_STEP][256];
static bool crc32_ready;

static void crc32_prepare(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (CRC32_POLYNOMIAL & (0 - (value & 1)));
        crc32_tables[0][i] = value;
    }
    for (size_t step = 1; step < CRC32_STEP; step++)
        for (size_t i = 0; i < 256; i++) {
            uint32_t value = crc32_tables[step - 1][i];
            crc32_tables[step][i] = value >> 8 ^ crc32_tables[0][value & 255];
        }
    crc32_ready = true;
}

static uint32_t crc32_word(const char *at)
{
    const unsigned char *byte = (const unsigned char *)at;
    return (uint32_t)byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 |
           (uint32_t)byte[3] << 24;
}

/* What four bytes, already joined with the checksum where they are the first, add to it when
 * `behind` more bytes of the step follow them. */
static uint32_t crc32_part(uint32_t word, size_t behind)
{
    return crc32_tables[behind + 3][word & 255] ^ crc32_tables[behind + 2][word >> 8 & 255] ^
           crc32_tables[behind + 1][word >> 16 & 255] ^ crc32_tables[behind][word >> 24];
}

/* Goes on from the state `crc` (not inverted) over the bytes, by tables. */
static uint32_t crc32_by_tables(uint32_t crc, slice bytes)
{
    size_t at = 0;
    for (; bytes.len - at >= CRC32_STEP; at += CRC32_STEP) {
        const char *step = bytes.at + at;
        crc = crc32_part(crc ^ crc32_word(step), 12) ^ crc32_part(crc32_word(step + 4), 8) ^
              crc32_part(crc32_word(step + 8), 4) ^ crc32_part(crc32_word(step + 12), 0);
    }
    for (; at < bytes.len; at++)
        crc = crc >> 8 ^ crc32_tables[0][(crc ^ (unsigned char)bytes.at[at]) & 255];
    return crc;
}

#ifdef __x86_64__

#define CRC32_LANE  sizeof(__m128i)
#define CRC32_LANES 4

/* A lane moved forward over other bytes, modulo the polynomial, and joined with the lane there.
 * `factors` are two powers of x by that distance ("Fast CRC Computation for Generic Polynomials
 * Using PCLMULQDQ Instruction", Intel 2009; bits reversed). */
__attribute__((target("pclmul"))) static __m128i crc32_fold(
    __m128i lane, __m128i factors, __m128i there)
{
    __m128i low = _mm_clmulepi64_si128(lane, factors, 0x00);
    __m128i high = _mm_clmulepi64_si128(lane, factors, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), there);
}

/* Takes as many whole lanes as there are, at least CRC32_LANES: they become one lane with the same
 * checksum as all. */
__attribute__((target("pclmul"))) static uint32_t crc32_by_lanes(uint32_t crc, slice *bytes)
{
    const __m128i far = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
    const __m128i near = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
    const __m128i *from = (const __m128i *)(const void *)bytes->at;
    size_t left = bytes->len / CRC32_LANE;
    __m128i lanes[CRC32_LANES];
    char folded[CRC32_LANE];
    for (size_t i = 0; i < CRC32_LANES; i++)
        lanes[i] = _mm_loadu_si128(from++);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)crc));
    for (left -= CRC32_LANES; left >= CRC32_LANES; left -= CRC32_LANES)
        for (size_t i = 0; i < CRC32_LANES; i++)
            lanes[i] = crc32_fold(lanes[i], far, _mm_loadu_si128(from++));
    for (size_t i = 1; i < CRC32_LANES; i++)
        lanes[0] = crc32_fold(lanes[0], near, lanes[i]);
    for (; left > 0; left--)
        lanes[0] = crc32_fold(lanes[0], near, _mm_loadu_si128(from++));
    _mm_storeu_si128((__m128i *)(void *)folded, lanes[0]);
    *bytes = slice_from(*bytes, bytes->len - bytes->len % CRC32_LANE);
    return crc32_by_tables(0, slice_make(folded, sizeof(folded)));
}

#endif

uint32_t crc32_of(uint32_t before, slice bytes)
{
    uint32_t crc = ~before;
    if (!crc32_ready)
        crc32_prepare();
#ifdef __x86_64__
    if (bytes.len >= CRC32_LANES * CRC32_LANE && __builtin_cpu_supports("pclmul"))
        crc = crc32_by_lanes(crc, &bytes);
#endif
    return ~crc32_by_tables(crc, bytes);
}
