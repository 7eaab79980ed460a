/* Is interrupted by timers without end, and does nothing else. */
#include "contained.h"
#include <sys/time.h>
static void again(int number) { (void)number; }
int main(void) {
    struct itimerval often = {{0, 1}, {0, 1}};
    signal(SIGALRM, again);
    setitimer(ITIMER_REAL, &often, NULL);
    for (;;) pause();
}
