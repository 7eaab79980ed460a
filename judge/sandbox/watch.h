/*
 * Watching a program's processes from outside, where no cgroup counts for us (level userns).
 *
 * The program's own /proc lists exactly the processes of its pid namespace. CPU time is the sum of what each has used
 * and of what its children, waited for, have used; memory is what is resident, with shared pages counted once, and the
 * work folder and what sockets may hold. What comes and goes between two looks is not seen, and /proc counts CPU time in
 * ticks of 10 ms. Children cannot be left unwaited for: the filter keeps SIGCHLD as it is.
 */
#ifndef SANDBOX_WATCH_H
#define SANDBOX_WATCH_H

#include <stdint.h>
#include <sys/types.h>

struct watch {
    int init;       /* the init's folder in our /proc, or -1 */
    int processes;  /* the program's own /proc, or -1 while it is not mounted */
    int work;       /* the program's work folder, or -1 while it is not mounted */
    int looks;      /* how often we looked without finding them */
    uint64_t cpu_ns; /* the most seen */
};

void watch_clear(struct watch *watch);

/* Begins with the program whose init is process `init` in `proc`. */
void watch_start(struct watch *watch, int proc, pid_t init);

/*
 * Looks: CPU time of all processes so far, living and dead, and the bytes that they and the work folder hold now.
 * More than `limit` is told exactly; less may have shared pages counted several times. Returns -1 with errno.
 */
int watch_look(struct watch *watch, uint64_t limit, uint64_t *cpu_ns, uint64_t *bytes);

void watch_end(struct watch *watch);

#endif
