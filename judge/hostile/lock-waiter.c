/* Waits for a lock that it holds itself. */
#include "contained.h"
#include <pthread.h>
int main(void) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    return verdict();
}
