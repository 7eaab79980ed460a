/* Replaces the kernel or parts of it, restarts the machine, reads the kernel's log, and talks to its hardware. */
#include "contained.h"
int main(void) {
    static char zeros[4096];
    REFUSED(syscall(SYS_init_module, zeros, 1, ""));
    REFUSED(syscall(SYS_finit_module, 0, "", 0));
    REFUSED(syscall(SYS_delete_module, "none", 0));
    REFUSED(syscall(SYS_kexec_load, 0, 0, NULL, 0));
#ifdef SYS_kexec_file_load
    REFUSED(syscall(SYS_kexec_file_load, -1, -1, 0, "", 0));
#endif
    REFUSED(syscall(SYS_reboot, 0xfee1dead, 672274793, 0 /* only forbid the keys */, NULL));
    REFUSED(syscall(SYS_syslog, 3, zeros, 100));
    REFUSED(syscall(SYS_syslog, 10, NULL, 0));
    REFUSED(syscall(SYS_acct, "/scratch/x"));
    REFUSED(syscall(SYS_vhangup));
#ifdef SYS_iopl
    REFUSED(syscall(SYS_iopl, 3));
    REFUSED(syscall(SYS_ioperm, 0x80, 1, 1));
    REFUSED(syscall(SYS_modify_ldt, 0, zeros, 16));
#endif
    return verdict();
}
