/* Takes shared memory, which belongs to no process. */
#include "contained.h"
#include <sys/shm.h>
int main(void) {
    for (;;) {
        int id = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600);
        char *bytes = shmat(id, NULL, 0);
        if (id < 0 || bytes == (void *)-1) return 1;
        memset(bytes, 1, 1 << 20);
        shmdt(bytes);
    }
}
