/* Computes in eight threads while the first one waits. */
#include "contained.h"
#include <pthread.h>
static void *work(void *nothing) {
    (void)nothing;
    compute();
}
int main(void) {
    for (int i = 0; i < 8; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
    }
    for (;;) pause();
}
