/* What the service asks for, decoded and checked. */
#ifndef SANDBOX_REQUEST_H
#define SANDBOX_REQUEST_H

#include <stdint.h>

#include "failure.h"
#include "protocol.h"

/* One bind: what on the host (or in the store) is seen where in the jail. */
struct bind {
    char *from;
    char *to;
};

/* What isolates and measures here; the numbers are the wire's. */
enum level {
    LEVEL_FULL = 1,   /* as root: cgroups bound and measure */
    LEVEL_USERNS = 2, /* in a user namespace, as any user: watched from outside */
};

/* Said of the processor when programs may run on any. */
enum { ANY_PROCESSOR = 0xffff };

/* Said once, first: how this slot's jail is made. */
struct configuration {
    enum level level;
    uint32_t uid;        /* user and group of every program of this slot; never 0 */
    uint32_t processor;  /* the one that programs run on, counted among those this process may use, or ANY_PROCESSOR */
    char *jail;          /* an empty folder of the host, mount point of the jail's root in a namespace of our own */
    char *store;         /* the folder of the host below which all paths of run requests lie */
    char *root;          /* the folder whose usr, bin, lib … the jail shows; "/" for the host's own */
    struct bind *binds;  /* extra files and folders of the host, read-only in the jail */
    uint32_t bind_count;
};

/* Bounds of one program. */
struct limits {
    uint64_t cpu_ns;       /* CPU time of all its processes together */
    uint64_t wall_ns;      /* time on the clock, against sleepers */
    uint64_t memory_bytes; /* of its cgroup: heap, stack, files in the work folder */
    uint64_t output_bytes; /* on stdout; more ends the program */
    uint64_t error_bytes;  /* of stderr kept; more is dropped */
    uint64_t work_bytes;   /* size of the work folder, and of any one file */
    uint32_t work_inodes;  /* files and folders in the work folder */
    uint32_t processes;    /* processes and threads at once */
};

/* One program to run. Paths are relative to the store; an empty path means none. */
struct program {
    char **argv;
    char **env;
    char *input;         /* file for stdin; none: empty input */
    char *files;         /* folder whose files it finds in its work folder, as its own */
    char *collect;       /* folder to which the work folder's files are copied once the program has exited */
    struct bind *mounts; /* folders of the store, read-only at /box, /data or /pch */
    uint32_t mount_count;
    struct limits limits;
};

/* Decode a payload. Return -1 with the reason when it is malformed. `free_*` may be called after either. */
int decode_configuration(struct reader *reader, struct configuration *configuration, struct failure *failure);
void free_configuration(struct configuration *configuration);

/* `count` becomes 1 (a plain run) or 2 (two programs, each one's stdout joined to the other's stdin). */
int decode_run(struct reader *reader, struct program programs[2], int *count, struct failure *failure);
void free_programs(struct program programs[2], int count);

#endif
