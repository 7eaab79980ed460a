/* Traces its init, its parent and its own child, and reads and writes their memory. */
#include "contained.h"
#include <sys/ptrace.h>
#include <sys/uio.h>
int main(void) {
    static char bytes[64];
    char path[64];
    struct iovec here = {bytes, sizeof bytes}, there = {bytes, sizeof bytes};
    pid_t child = fork();
    if (child == 0)
        for (;;) pause();
    pid_t all[] = {1, getppid(), child};
    REFUSED(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    for (int i = 0; i < 3; i++) {
        REFUSED(ptrace(PTRACE_ATTACH, all[i], NULL, NULL));
        REFUSED(ptrace(PTRACE_SEIZE, all[i], NULL, NULL));
        REFUSED(process_vm_readv(all[i], &here, 1, &there, 1, 0));
        REFUSED(process_vm_writev(all[i], &here, 1, &there, 1, 0));
        REFUSED(syscall(SYS_kcmp, getpid(), all[i], 0, 0, 0));
        REFUSED(syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, all[i], 0), 0, 0));
        snprintf(path, sizeof path, "/proc/%d/mem", all[i]);
        if (all[i] != child) refuse_reading(path);
    }
    kill(child, SIGKILL);
    return verdict();
}
