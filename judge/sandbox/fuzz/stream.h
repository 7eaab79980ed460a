/*
 * A file descriptor that exists in the fuzzer alone: the parser's read() and writev() are linked to these (--wrap), so
 * that what comes in pieces, or is interrupted by a signal, does so in the same way each time an input is tried. A
 * pipe would give the pieces that the scheduler happens to make.
 */
#ifndef FUZZ_STREAM_H
#define FUZZ_STREAM_H

#include <stddef.h>
#include <stdint.h>

enum { STREAM = 1 << 20 };

/* How a stream comes. */
enum stream_manner {
    STREAM_WHOLE,  /* as much as is asked for */
    STREAM_PIECES, /* in pieces of any size, with interruptions */
    STREAM_BREAKS, /* the same, with an error in place of its end */
};

/* From now on reading STREAM gives these bytes. They stay the caller's. `chance` decides the pieces. */
void stream_give(const unsigned char *bytes, size_t length, enum stream_manner manner, uint64_t chance);

/* How many of the bytes were read. */
size_t stream_position(void);

/* From now on writing STREAM fills `bytes`, of which there are `room`. `chance` decides the pieces. */
void stream_take(unsigned char *bytes, size_t room, uint64_t chance);

/* How many bytes were written. */
size_t stream_written(void);

#endif
