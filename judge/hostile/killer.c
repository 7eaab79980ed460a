/* Kills all that it may and all that it can name. */
#include "contained.h"
int main(void) {
    struct bait bait = read_bait();
    for (int i = 0; i < 3; i++)
        if (fork() == 0)
            for (;;) pause();
    kill(-1, SIGKILL);
    while (wait(NULL) > 0) continue;
    REFUSED(kill(1, SIGKILL));
    REFUSED(kill(getppid(), SIGKILL));
    REFUSED(kill(bait.judge, SIGKILL));
    REFUSED(kill(-bait.judge, SIGKILL));
    for (int pid = 2; pid < 40000; pid++)
        if (pid != getpid()) REFUSED(kill(pid, SIGKILL));
    return verdict();
}
