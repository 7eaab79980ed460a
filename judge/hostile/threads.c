/* Starts threads until it may not; far more than a solution needs is too many. */
#include "contained.h"
#include <pthread.h>
static void *wait_for_ever(void *nothing) {
    pause();
    return nothing;
}
int main(void) {
    int count = 0;
    pthread_t thread;
    while (count < 5000 && !pthread_create(&thread, NULL, wait_for_ever, NULL)) count++;
    NEVER(count > 200);
    return verdict();
}
