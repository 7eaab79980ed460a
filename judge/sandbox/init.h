/* The first process of a program's pid namespace: makes the jail's last parts, starts the program, waits for it. */
#ifndef SANDBOX_INIT_H
#define SANDBOX_INIT_H

#include <sched.h>
#include <stdint.h>

#include <sys/types.h>

#include "cgroup.h"
#include "request.h"

struct sock_fprog;

/* All that an init needs; its file descriptors are the supervisor's, inherited. */
struct launch {
    const struct program *program;
    enum level level;
    const struct cgroup *cgroup; /* at level full */
    const struct sock_fprog *filter;
    const cpu_set_t *processors; /* those that the program may run on */
    unsigned uid;
    uint32_t tasks;              /* at level userns: processes and threads of the user at once */
    uint64_t *setup_ns;          /* shared with the supervisor: CPU time charged to the program before it began */
    int input, output, errors; /* the program's standard streams */
    int status;                /* a socket on which one report is sent */
};

enum report_kind { REPORT_ENDED = 1, REPORT_NOT_STARTED = 2 };

/* What an init tells the supervisor. With REPORT_ENDED the open work folder comes along if it is to be collected. */
struct report {
    int32_t kind;
    int32_t value;    /* REPORT_ENDED: as wait() gives it; REPORT_NOT_STARTED: the errno */
    uint64_t ended;   /* CLOCK_MONOTONIC, in nanoseconds */
    uint64_t cpu_ns;  /* REPORT_ENDED: of the program and all it waited for, as wait() gives it */
    uint64_t peak_bytes; /* REPORT_ENDED: the most resident in any one of them */
    char stage[80];   /* REPORT_NOT_STARTED: what could not be done */
};

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t monotonic_ns(void);

/* Runs as the init; never returns. */
_Noreturn void init_main(const struct launch *launch);

#endif
