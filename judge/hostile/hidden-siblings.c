/* Has its work done by children that count as init's, and sleeps itself. */
#include "contained.h"
#include <sched.h>
int main(void) {
    for (int i = 0; i < 4; i++)
        if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) compute();
    for (;;) pause();
}
