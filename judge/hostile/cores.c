/* Asks for other processors than those it was given, and for more than its share of them. */
#include "contained.h"
#include <sched.h>
#include <sys/resource.h>
int main(void) {
    cpu_set_t set;
    struct sched_param most = {.sched_priority = 1};
    unsigned deadline[12] = {48, SCHED_DEADLINE};
    for (int i = 0; i < 8; i++) {
        CPU_ZERO(&set);
        CPU_SET(i, &set);
        REFUSED(sched_setaffinity(0, sizeof set, &set));
        REFUSED(sched_setaffinity(1, sizeof set, &set));
    }
    memset(&set, 0xff, sizeof set);
    REFUSED(sched_setaffinity(0, sizeof set, &set));
    REFUSED(sched_setscheduler(0, SCHED_FIFO, &most));
    REFUSED(sched_setscheduler(0, SCHED_RR, &most));
    REFUSED(syscall(SYS_sched_setattr, 0, deadline, 0));
    REFUSED(setpriority(PRIO_PROCESS, 0, -10));
    REFUSED(nice(-5));
    REFUSED(syscall(SYS_ioprio_set, 1, 0, 1 << 13));
    return verdict();
}
