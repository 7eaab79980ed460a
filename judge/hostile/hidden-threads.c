/* Has its work done by threads that end after a millisecond each. */
#include "contained.h"
#include <pthread.h>
#include <time.h>
static void *work(void *nothing) {
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - start.tv_sec) * 1000000000l + now.tv_nsec - start.tv_nsec < 1000000);
    return nothing;
}
int main(void) {
    for (;;) {
        pthread_t thread;
        if (!pthread_create(&thread, NULL, work, NULL)) pthread_join(thread, NULL);
    }
}
