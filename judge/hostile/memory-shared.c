/* Takes shared memory of System V, which belongs to no process once it is detached. */
#include "contained.h"
#include <sys/shm.h>
int main(void) {
    for (int i = 0; i < 1024; i++) {
        int id = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600);
        char *bytes = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
        if (bytes == (void *)-1) return 1;
        memset(bytes, 1, 1 << 20);
        shmdt(bytes);
    }
    return verdict();
}
