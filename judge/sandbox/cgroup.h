/*
 * Control groups: what a test may use, and what it has used.
 *
 * A supervisor owns one folder, `tabarena-judge.<pid namespace>.<pid>.<start time>`, in each tree that it needs:
 * one on version 2, one per controller (memory, pids, cpuacct) on version 1 and on hybrid hosts. Every program gets
 * a fresh group below it. The name tells whose it is, so that a later supervisor can sweep up after one that was
 * killed, and never touches one of a judge that lives.
 */
#ifndef SANDBOX_CGROUP_H
#define SANDBOX_CGROUP_H

#include <stdint.h>

#include "failure.h"
#include "request.h"

enum { MAX_TREES = 3 };

/* One hierarchy: the folder of its root, and ours below it. */
struct tree {
    unsigned controllers; /* a set of `1 << enum controller` */
    int root;
    int own;
};

struct cgroups {
    int version; /* 1 or 2 */
    int count;
    struct tree trees[MAX_TREES];
    char name[128];
};

/*
 * One program's group: in each tree its folder, and on version 1 its `tasks` open for writing.
 *
 * A process that writes itself to `tasks` moves at once. Writing to `cgroup.procs` would first wait until no thread of
 * the machine is being made or ends, about 12 ms on a machine that has been idle for a moment. Version 2 has no
 * `tasks` for ordinary groups, but can clone a process into one.
 */
struct cgroup {
    const struct cgroups *cgroups;
    char name[32];
    int folders[MAX_TREES];
    int members[MAX_TREES];
};

/* Finds the host's trees, sweeps what dead supervisors left, and makes this one's folders. */
int cgroups_open(struct cgroups *cgroups, struct failure *failure);

/* Removes this supervisor's folders. */
void cgroups_close(struct cgroups *cgroups);

/* What holds here, for people: `cgroup v1: memory, pids, cpuacct`. */
const char *cgroups_describe(const struct cgroups *cgroups);

int cgroup_create(struct cgroup *cgroup, const struct cgroups *cgroups, const struct limits *limits,
                  struct failure *failure);

/* The folder to clone the program into (CLONE_INTO_CGROUP), or -1 where it has to enter by itself. */
int cgroup_to_clone_into(const struct cgroup *cgroup);

/* Moves the calling process, of one thread, into the group, before it gives up its privileges. Returns -1 with errno. */
int cgroup_enter(const struct cgroup *cgroup);

/* Each reads what the group's processes, living and dead, have used. Returns -1 with errno when it cannot be read. */
int cgroup_cpu_ns(const struct cgroup *cgroup, uint64_t *ns);
/* The most so far; on kernels before 5.19, whose version 2 does not tell it, what is held now, and `is_peak` is 0. */
int cgroup_memory_bytes(const struct cgroup *cgroup, uint64_t *bytes, int *is_peak);
/* Whether the kernel has killed any for want of memory: 1, 0, or -1 with errno. */
int cgroup_ran_out_of_memory(const struct cgroup *cgroup);

/* Removes the group; its processes must be gone. */
void cgroup_remove(struct cgroup *cgroup);

#endif
