/* Computes for ever at the lowest priority, where some count no time. */
#include "contained.h"
#include <sched.h>
#include <sys/resource.h>
int main(void) {
    struct sched_param none = {0};
    setpriority(PRIO_PROCESS, 0, 19);
    sched_setscheduler(0, SCHED_IDLE, &none);
    compute();
}
