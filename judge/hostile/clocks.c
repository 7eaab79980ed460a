/* Sets clocks, changes their pace, and opens the one of the hardware. */
#include "contained.h"
#include <sched.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
int main(void) {
    static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_BOOTTIME, CLOCK_TAI};
    struct timeval now;
    struct timespec same;
    struct timezone zone = {0, 0};
    gettimeofday(&now, NULL);
    for (int i = 0; i < 5; i++) {
        clock_gettime(clocks[i], &same);
        REFUSED(clock_settime(clocks[i], &same));
        struct timex pace = {.modes = ADJ_TICK, .tick = 10000};
        REFUSED(syscall(SYS_clock_adjtime, clocks[i], &pace));
    }
    struct timex pace = {.modes = ADJ_FREQUENCY, .freq = 0};
    REFUSED(syscall(SYS_adjtimex, &pace));
    REFUSED(settimeofday(&now, NULL));
    REFUSED(settimeofday(NULL, &zone));
    REFUSED(unshare(0x80 /* CLONE_NEWTIME */));
    REFUSED(open("/proc/self/timens_offsets", O_WRONLY));
    refuse_reading("/dev/rtc0");
    return verdict();
}
