/* Signals all that it can see, and those it cannot. */
#include "contained.h"
int main(void) {
    kill(-1, SIGKILL);
    REFUSED(kill(1, SIGKILL));
    REFUSED(kill(getppid(), SIGKILL));
    REFUSED(kill(1, SIGSTOP));
    for (int pid = 3; pid < 40000; pid++)
        if (pid != getpid() && kill(pid, SIGKILL) == 0) escapes++;
    return verdict();
}
