/* wire: bounded readers and writers for bytes from outside.
 *
 * Takes bytes (memory or a stream), gives checked numbers, slices, flattened JSON, time stamps,
 * hashes. Runs in every role that touches outside bytes, always inside its sandbox. May open:
 * nothing. */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include "wire/hash.h"
#include "wire/json_writer.h"
#include "wire/reader.h"
#include "wire/stamp.h"
#include "wire/stream.h"

#endif
