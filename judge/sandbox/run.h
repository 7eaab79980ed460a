/* Runs one program, or two joined by pipes, and measures. */
#ifndef SANDBOX_RUN_H
#define SANDBOX_RUN_H

#include <sched.h>
#include <stdint.h>

#include "cgroup.h"
#include "failure.h"
#include "meter.h"
#include "protocol.h"
#include "request.h"

struct transcript;

struct slot {
    enum level level;
    struct cgroups cgroups; /* at level full */
    int proc;               /* the host's /proc at level userns */
    cpu_set_t processors;   /* those that programs may run on */
    unsigned uid;
    int store;  /* for what is collected */
    int inputs; /* the same folder, read-only: a program may open its input again by name, as whoever it runs as */
    int service; /* the input from the service: when it ends, so does everything */
};

/* Why the supervisor ended a program; a set. */
enum stopped { STOPPED_CPU = 1, STOPPED_WALL = 2, STOPPED_OUTPUT = 4, STOPPED_MEMORY = 8 };

struct outcome {
    int exit_code; /* -1 when it did not exit */
    int signal;    /* 0 when no signal ended it */
    int stopped;   /* set of enum stopped */
    int not_started;
    uint64_t ended;  /* when, by CLOCK_MONOTONIC in ns */
    uint64_t passed; /* bytes that it said to the other of two joined programs */
    uint64_t silent; /* when it ended or closed its stdout for good, seen from here */
    uint64_t wall_ns;
    struct usage usage;
    struct writer output;
    struct writer errors;
    int errors_cut;
    struct failure not_started_because;
    int not_collected; /* it ended well, but its files could not be taken */
    struct failure not_collected_because;
};

enum run_status { RUN_DONE, RUN_FAILED, RUN_ABANDONED };

/*
 * Runs `count` programs (1 or 2) to their ends. What two of them say is in `transcript`, which is good until the next run. RUN_FAILED: the sandbox could not do its work, with the reason.
 * RUN_ABANDONED: the service has gone meanwhile, and the programs with it. `free_outcomes` may be called after any.
 */
enum run_status run(const struct slot *slot, const struct program *programs, int count, struct outcome *outcomes,
                    const struct transcript **transcript, struct failure *failure);
void free_outcomes(struct outcome *outcomes, int count);

#endif
