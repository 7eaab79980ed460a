#include "coverage.h"

#include <stdint.h>

/* More slots than the parser has edges by far, so that hardly two share one. */
enum { SLOTS = 1 << 14 };

static uint32_t counts[SLOTS];   /* of this execution */
static uint16_t taken[SLOTS];    /* the slots of `counts` that are not 0 */
static unsigned taken_count;
static uint32_t seen[SLOTS];     /* powers of two of the counts of all executions, as a set of bits */
static unsigned edges;
static uintptr_t previous;

void __sanitizer_cov_trace_pc(void);

/* An edge is two blocks in a row. Counted from a place in the program, blocks are the same wherever it was loaded. */
void __sanitizer_cov_trace_pc(void) {
    uintptr_t here = (uintptr_t)__builtin_return_address(0) - (uintptr_t)coverage_start;
    uintptr_t slot = ((here ^ previous) * 0x9e3779b97f4a7c15ull) >> 50;
    if (counts[slot]++ == 0) taken[taken_count++] = (uint16_t)slot;
    previous = here >> 1;
}

void coverage_start(void) {
    for (unsigned i = 0; i < taken_count; i++) counts[taken[i]] = 0;
    taken_count = 0;
    previous = 0;
}

int coverage_is_new(void) {
    int is_new = 0;
    for (unsigned i = 0; i < taken_count; i++) {
        unsigned slot = taken[i];
        uint32_t power = 1u << (31 - __builtin_clz(counts[slot]));
        if (seen[slot] & power) continue;
        edges += seen[slot] == 0;
        seen[slot] |= power;
        is_new = 1;
    }
    return is_new;
}

unsigned coverage_edges(void) { return edges; }
