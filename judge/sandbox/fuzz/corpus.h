/* The inputs worth changing further: the seeds, and each that showed something new. */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include <stddef.h>

#include "check.h"
#include "random.h"

struct input {
    unsigned char bytes[MAX_INPUT];
    size_t length;
};

/* Keeps a copy; once there is no more room, in place of one kept by chance. */
void corpus_keep(const struct input *input, struct random *random);

/*
 * Copies the one to change next into `input`: half the time the one on which the least work was spent. So a new one is
 * soon changed as often as the others were, and short ones, which take less time, are changed more often than long.
 */
void corpus_next(struct input *input, struct random *random);

/* Copies any of them into `input`. */
void corpus_any(struct input *input, struct random *random);

unsigned corpus_size(void);

#endif
