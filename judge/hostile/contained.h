/*
 * What the programs here share. A probe tries what a jail must refuse, tells of each attempt that was not refused, and
 * prints "contained", the expected answer, if there was none.
 */
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

/* What must not be the case. */
#define NEVER(condition)                                 \
    do {                                                 \
        if (condition) {                                 \
            printf("true: %s\n", #condition);            \
            escapes++;                                   \
        }                                                \
    } while (0)

/* A file that must not open for reading. */
static inline void refuse_reading(const char *path) {
    if (open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) < 0) return;
    printf("opened: %s\n", path);
    escapes++;
}

/*
 * What the judge put on the host for the programs to look for: itself, a TCP server on the loopback interface, and a
 * server on a socket in the abstract namespace. Comes as the program's input.
 */
struct bait {
    int judge, port;
    char socket[64];
};

static inline struct bait read_bait(void) {
    struct bait bait;
    if (scanf("%d %d %63s", &bait.judge, &bait.port, bait.socket) == 3) return bait;
    puts("the input does not tell what to look for");
    exit(1);
}

/* Takes memory and uses it, in a way that no compiler leaves out. */
static inline void take(size_t size) {
    volatile char *bytes = malloc(size);
    for (size_t i = 0; bytes && i < size; i += 4096) bytes[i] = 1;
}

/* Computes for ever. */
static inline _Noreturn void compute(void) {
    for (volatile long i = 0;; i++) continue;
}

static inline int verdict(void) {
    if (!escapes) puts("contained");
    return 0;
}
