// How a program in C ends that calls abort() or fails an assertion; the C library's own traps, as a fault of the program does.
#include <stdlib.h>

// What a shell reports of a program that SIGABRT ended.
#define ABORTED 134

void abort(void) { _Exit(ABORTED); }
