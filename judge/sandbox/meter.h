/*
 * What a program uses, and the bounds on memory and processes: by its cgroup (level full), or by watching its
 * processes from outside (level userns), which sees what was there when it looked.
 */
#ifndef SANDBOX_METER_H
#define SANDBOX_METER_H

#include <stdint.h>
#include <sys/types.h>

#include "cgroup.h"
#include "failure.h"
#include "request.h"
#include "watch.h"

struct usage {
    uint64_t cpu_ns;
    uint64_t peak_bytes;
    int out_of_memory; /* stopped, or a process of its killed, for want of memory */
};

/* One program's. */
struct meter {
    enum level level;
    const struct limits *limits;
    struct cgroup cgroup; /* at level full */
    struct watch watch;   /* at level userns */
    uint64_t setup_ns;    /* CPU time that was spent for the program, but not by it */
    uint64_t peak_bytes;  /* the most seen when looking */
    int knows_peak; /* the kernel tells it, no need to look often */
    int out_of_memory;
};

/* Makes the program's cgroup, where there are cgroups. `meter_close` may be called after failure too. */
int meter_open(struct meter *meter, enum level level, const struct cgroups *cgroups, const struct limits *limits,
               struct failure *failure);

/* The program's init has been started as process `init`. `proc` is an open /proc that shows it. */
void meter_start(struct meter *meter, int proc, pid_t init);

/* After how many nanoseconds to look again at the latest. */
uint64_t meter_pause_ns(const struct meter *meter);

/* Looks: sets what was used so far. Returns -1 with errno when that cannot be read. */
int meter_read(struct meter *meter, struct usage *usage);

/*
 * Looks for the last time, once the program has ended; `cpu_ns` and `peak_bytes` are what its init saw of the children
 * that it waited for, the largest of them alone for memory.
 */
int meter_conclude(struct meter *meter, uint64_t cpu_ns, uint64_t peak_bytes, struct usage *usage);

void meter_close(struct meter *meter);

#endif
