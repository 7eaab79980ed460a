/* Has its work done by children so short-lived that no sampling sees them, and that the kernel buries unasked. */
#include "contained.h"
#include <time.h>
int main(void) {
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        if (fork() == 0) {
            struct timespec start, now;
            clock_gettime(CLOCK_MONOTONIC, &start);
            do clock_gettime(CLOCK_MONOTONIC, &now);
            while ((now.tv_sec - start.tv_sec) * 1000000000l + now.tv_nsec - start.tv_nsec < 1000000);
            _exit(0);
        }
        wait(NULL);
    }
}
