/* Slows down, stops or moves processes that are not its own, by all that is not a signal. */
#include "contained.h"
#include <sched.h>
#include <sys/resource.h>
int main(void) {
    struct bait bait = read_bait();
    int others[] = {1, bait.judge};
    struct sched_param none = {0};
    for (int i = 0; i < 2; i++) {
        REFUSED(setpriority(PRIO_PROCESS, (id_t)others[i], 19));
        REFUSED(sched_setscheduler(others[i], SCHED_IDLE, &none));
        REFUSED(syscall(SYS_ioprio_set, 1, others[i], 3 << 13));
        REFUSED(setpgid(others[i], getpid()));
        REFUSED(setpgid(0, others[i]));
    }
    return verdict();
}
