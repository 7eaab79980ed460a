/* Leaves files and shared memory for the next run, and tells of any that it finds. */
#include "contained.h"
#include <sys/shm.h>
int main(void) {
    static const char *const paths[] = {"/scratch/left", "/tmp/left-too", "/dev/shm/left-as-well"};
    for (int i = 0; i < 3; i++) {
        REFUSED(open(paths[i], O_RDONLY));
        if (close(open(paths[i], O_CREAT | O_WRONLY, 0666))) puts("cannot write in the work folder");
    }
    REFUSED(shmget(4711, 4096, 0));
    if (shmget(4711, 4096, IPC_CREAT | 0666) < 0) puts("cannot make shared memory");
    return verdict();
}
