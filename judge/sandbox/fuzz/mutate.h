/* Changes to an input, by chance: some anywhere, some that know what a frame looks like. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "corpus.h"
#include "random.h"

/* Changes `input` in a few ways, mostly leaving it one frame that announces its right length. */
void mutate(struct input *input, struct random *random);

#endif
