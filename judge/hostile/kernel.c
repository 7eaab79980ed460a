/* Calls on the wide and powerful interfaces of the kernel. */
#include "contained.h"
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/time.h>
int main(void) {
    static char zeros[4096];
    struct timeval now = {0, 0};
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    REFUSED(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    REFUSED(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
    REFUSED(syscall(SYS_process_vm_readv, getppid(), zeros, 1, zeros, 1, 0));
    REFUSED(syscall(SYS_bpf, 0, zeros, 72));
    REFUSED(syscall(SYS_perf_event_open, zeros, 0, -1, -1, 0));
    REFUSED(syscall(SYS_userfaultfd, 1));
    REFUSED(syscall(SYS_io_uring_setup, 8, zeros));
    REFUSED(syscall(SYS_add_key, "user", "x", "x", 1, -3));
    REFUSED(syscall(SYS_keyctl, 0, -3, 1));
    REFUSED(syscall(SYS_personality, 0x0400000));
    REFUSED(syscall(SYS_syslog, 3, zeros, 100));
    REFUSED(syscall(SYS_init_module, zeros, 1, ""));
    REFUSED(syscall(SYS_finit_module, 0, "", 0));
    REFUSED(syscall(SYS_delete_module, "x", 0));
    REFUSED(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x89abcdef, NULL));
    REFUSED(syscall(SYS_swapon, "/scratch/x", 0));
    REFUSED(syscall(SYS_acct, "/scratch/x"));
    REFUSED(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", zeros, zeros, 0));
    REFUSED(syscall(SYS_open_by_handle_at, 0, zeros, 0));
    REFUSED(syscall(SYS_fanotify_init, 0, 0));
    REFUSED(settimeofday(&now, NULL));
    REFUSED(sethostname("x", 1));
    REFUSED(sched_setaffinity(0, sizeof set, &set));
    return verdict();
}
