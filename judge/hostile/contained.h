/* What the programs here share: each tries what a jail must refuse, and prints "contained" if all of it was. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int escapes;

/* A call that must fail, as calls do, by returning -1. */
#define REFUSED(call)                                    \
    do {                                                 \
        if ((call) != -1) {                              \
            printf("allowed: %s\n", #call);              \
            escapes++;                                   \
        }                                                \
    } while (0)

/* Takes memory and uses it, in a way that no compiler leaves out. */
static inline void take(size_t size) {
    volatile char *bytes = malloc(size);
    for (size_t i = 0; bytes && i < size; i += 4096) bytes[i] = 1;
}

static inline int verdict(void) {
    if (!escapes) puts("contained");
    return 0;
}
