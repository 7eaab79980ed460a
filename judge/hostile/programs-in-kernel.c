/* Loads programs into the kernel, counts its events and handles its page faults: bpf, perf and userfaultfd. */
#include "contained.h"
int main(void) {
    static char zeros[256];
    for (int command = 0; command < 40; command++) REFUSED(syscall(SYS_bpf, command, zeros, 128));
    for (int kind = 0; kind < 6; kind++) {
        memset(zeros, 0, sizeof zeros);
        zeros[0] = (char)kind;
        zeros[4] = 112;
        REFUSED(syscall(SYS_perf_event_open, zeros, 0, -1, -1, 0));
        zeros[40] = 0x60; /* exclude the kernel and the hypervisor */
        REFUSED(syscall(SYS_perf_event_open, zeros, 0, -1, -1, 0));
    }
    REFUSED(syscall(SYS_userfaultfd, 0));
    REFUSED(syscall(SYS_userfaultfd, 1));
    refuse_reading("/dev/userfaultfd");
    return verdict();
}
