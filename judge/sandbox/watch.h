/*
 * Watching a program's processes from outside, where no cgroup counts for us (level userns).
 *
 * The program's own /proc lists exactly the processes of its pid namespace. CPU time is the sum of what each has used
 * and of what its children, waited for, have used; memory is what is resident, with shared pages counted once, and the
 * work folder. What comes and goes between two looks is not seen, so the figures are lower bounds: /proc counts CPU
 * time in ticks (10 ms), and a child that nobody waits for takes what it used since the last look with it.
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
    uint64_t cpu_ns, lost_ns;
};

void watch_clear(struct watch *watch);

/* Begins with the program whose init is process `init` in `proc`. */
void watch_start(struct watch *watch, int proc, pid_t init);

/*
 * Looks: CPU time of all processes so far, living and dead, and the bytes that they and the work folder hold now.
 * More than `limit` is told exactly; less may have shared pages counted several times. Returns -1 with errno.
 */
int watch_look(struct watch *watch, uint64_t limit, uint64_t *cpu_ns, uint64_t *bytes);

/* CPU time at the last look, and how much of it belongs to processes that nobody waited for. */
uint64_t watch_cpu_ns(const struct watch *watch);
uint64_t watch_lost_ns(const struct watch *watch);

void watch_end(struct watch *watch);

#endif
