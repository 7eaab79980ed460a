/* Sends every signal to init, in every way there is, and looks whether it still buries orphans. */
#include "contained.h"
int main(void) {
    siginfo_t info = {.si_code = SI_QUEUE};
    int init = (int)syscall(SYS_pidfd_open, 1, 0);
    for (int number = 1; number < 65; number++) {
        info.si_signo = number;
        REFUSED(kill(1, number));
        REFUSED(syscall(SYS_tkill, 1, number));
        REFUSED(syscall(SYS_tgkill, 1, 1, number));
        REFUSED(syscall(SYS_rt_sigqueueinfo, 1, number, &info));
        REFUSED(syscall(SYS_pidfd_send_signal, init, number, NULL, 0));
    }
    return verdict();
}
