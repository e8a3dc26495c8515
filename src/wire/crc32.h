/* CRC-32 as zip, gzip and EVTX use it (ISO-HDLC; RFC 1952, section 8). */
#ifndef WIRE_CRC32_H
#define WIRE_CRC32_H

#include <stdint.h>

#include "base/slice.h"

/* The checksum of bytes that follow others of checksum `before` (0 at the start). */
uint32_t crc32_of(uint32_t before, slice bytes);

#endif
