/* input: bytes of evidence, without meaning.
 *
 * Takes paths, gives open files and the streams of the objects in them. walk.h runs in the parent
 * and may open evidence; object.h runs in the detect role and may open nothing.
 *
 * walk.h finds and opens files (parent role: it opens evidence read-only and parses nothing);
 * object.h turns one open file into the stream of its bytes, or of the members of archives and
 * compressed layers in it (detect role, in its sandbox: archive formats are parsed there). */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "input/object.h"
#include "input/walk.h"

#endif
