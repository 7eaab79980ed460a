/* What must hold whatever the supervisor is told. */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include <stddef.h>

/* No input is longer; long enough for the longest list that the parser takes. */
enum { MAX_INPUT = 1 << 13 };

/*
 * Puts one input through the parser: as a stream of frames that comes in whatever pieces, and as the payload of one
 * frame. Aborts, having said which promise was broken, when one of protocol.h or request.h is; a sanitizer ends the
 * process at what it finds. Returns how many requests were accepted.
 */
unsigned check_input(const unsigned char *bytes, size_t length);

#endif
