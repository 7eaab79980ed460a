/* The pipes between programs and the supervisor, which itself never blocks on one. */
#ifndef SANDBOX_PIPES_H
#define SANDBOX_PIPES_H

#include <stdint.h>

#include "protocol.h"

/* Closes a file descriptor unless it is -1, and makes it so. */
void close_if_open(int *fd);

/*
 * Makes a pipe from a program to us, or from us to a program. Its inode belongs to the program's user, who may then
 * open it again as /dev/stdin or /dev/stdout. Both ends are close-on-exec. Return -1 with errno.
 */
int pipe_from_program(int *ours, int *theirs, unsigned uid);
int pipe_to_program(int *ours, int *theirs, unsigned uid);

/*
 * Keeps up to `limit` bytes of what the pipe holds now, and closes it at its end. Returns whether there was more than
 * that; the rest is dropped.
 */
int drain(int *fd, struct writer *kept, uint64_t limit);

/*
 * What two joined programs say, in the order in which it is passed on. Each part is: speaker:u8 length:u32 bytes. Once
 * there is no room for all of a part, the rest of it and all that follows is left out.
 */
struct transcript {
    uint32_t length, last; /* `last` is where the last part begins */
    int is_cut;
    unsigned char bytes[1 << 16];
};

/*
 * Passes on what one program writes to the other that reads it.
 *
 * Not a plain pipe between the two, since then nobody could tell which ended first: when one crashes, the kernel lets
 * the other see the end of its input before anyone can see the crash. Here a program learns of the other's end only
 * from us, after us. What is written to a program that no longer reads is dropped, so that no SIGPIPE makes its
 * writer's fate a matter of luck.
 */
struct relay {
    int from, to;     /* -1 when closed */
    uint8_t speaker;  /* the writer's number */
    struct transcript *transcript;
    uint64_t passed;  /* bytes in all */
    uint64_t ended;   /* when the writer fell silent for good, by CLOCK_MONOTONIC in ns; 0 while it has not */
    uint32_t start, length;
    unsigned char buffer[1 << 16];
};

/* What to wait for with poll(); 0 where it is not this end's turn. */
short relay_reads(const struct relay *relay);
short relay_writes(const struct relay *relay);

/* Moves what can be moved now. */
void relay_move(struct relay *relay);

/* Both programs have gone: takes down what the writer said last, which nobody reads any more. */
void relay_conclude(struct relay *relay);

#endif
