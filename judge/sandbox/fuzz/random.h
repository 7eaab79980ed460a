/* The fuzzer's chance: the same numbers for the same seed. (xorshift64*, Vigna 2016.) */
#ifndef FUZZ_RANDOM_H
#define FUZZ_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* never 0 */
};

static inline uint64_t random_u64(struct random *random) {
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * 0x2545f4914f6cdd1dull;
}

/* A number from 0 to `bound` - 1; `bound` is not 0. */
static inline size_t random_below(struct random *random, size_t bound) {
    return (size_t)(random_u64(random) >> 16) % bound;
}

#endif
