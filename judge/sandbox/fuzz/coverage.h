/*
 * Which edges of the parser's control flow an execution takes. The parser is compiled with
 * -fsanitize-coverage=trace-pc: it calls __sanitizer_cov_trace_pc at the beginning of every basic block.
 */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

/* Forgets the last execution. */
void coverage_start(void);

/*
 * Whether the execution since `coverage_start` took an edge that none before took, or took one much more often
 * (in powers of two). Remembers what it took.
 */
int coverage_is_new(void);

/* How many different edges were ever taken. */
unsigned coverage_edges(void);

#endif
