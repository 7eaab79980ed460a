/* The first process of a program's pid namespace: makes the jail's last parts, starts the program, waits for it. */
#ifndef SANDBOX_INIT_H
#define SANDBOX_INIT_H

#include <stdint.h>

#include "cgroup.h"
#include "request.h"

struct sock_fprog;

/* All that an init needs; its file descriptors are the supervisor's, inherited. */
struct launch {
    const struct program *program;
    const struct cgroup *cgroup;
    const struct sock_fprog *filter;
    unsigned uid;
    int input, output, errors; /* the program's standard streams */
    int status;                /* a socket on which one report is sent */
};

enum report_kind { REPORT_ENDED = 1, REPORT_NOT_STARTED = 2 };

/* What an init tells the supervisor. With REPORT_ENDED the open work folder comes along if it is to be collected. */
struct report {
    int32_t kind;
    int32_t value;    /* REPORT_ENDED: as wait() gives it; REPORT_NOT_STARTED: the errno */
    uint64_t ended;   /* CLOCK_MONOTONIC, in nanoseconds */
    char stage[80];   /* REPORT_NOT_STARTED: what could not be done */
};

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t monotonic_ns(void);

/* Runs as the init; never returns. */
_Noreturn void init_main(const struct launch *launch);

#endif
