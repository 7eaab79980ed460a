/* Ends its first thread at once and gives the answer from another. */
#include "contained.h"
#include <pthread.h>
static void *answer(void *nothing) {
    (void)nothing;
    usleep(100000);
    exit(verdict());
}
int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, answer, NULL);
    pthread_exit(NULL);
}
