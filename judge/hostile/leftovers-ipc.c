/* Leaves memory, semaphores and messages for the next run, and tells of any that it finds. */
#include "contained.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(void) {
    REFUSED(shmget(4711, 4096, 0));
    REFUSED(semget(4711, 1, 0));
    REFUSED(msgget(4711, 0));
    REFUSED(mq_open("/left", O_RDONLY));
    REFUSED(shm_open("/left", O_RDONLY, 0));
    for (int id = 0; id < 8; id++) {
        struct shmid_ds any;
        REFUSED(shmctl(id, 13 /* SHM_STAT */, &any));
    }
    shmget(4711, 4096, IPC_CREAT | 0666);
    semget(4711, 1, IPC_CREAT | 0666);
    msgget(4711, IPC_CREAT | 0666);
    mq_open("/left", O_CREAT | O_RDWR, 0666, NULL);
    shm_open("/left", O_CREAT | O_RDWR, 0666);
    return verdict();
}
