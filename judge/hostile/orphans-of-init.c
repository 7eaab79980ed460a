/* Has children that its own parent, not it, must bury, and ends before them. */
#include "contained.h"
#include <sched.h>
int main(void) {
    for (int i = 0; i < 20; i++) {
        long child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        if (child == 0) {
            if (i % 2) _exit(7);
            for (;;) pause();
        }
    }
    usleep(20000);
    return verdict();
}
