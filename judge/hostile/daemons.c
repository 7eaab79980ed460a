/* Leaves daemons behind: double forks with sessions of their own that ignore signals. */
#include "contained.h"
int main(void) {
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            setsid();
            for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
            if (fork() == 0)
                for (;;) pause();
            _exit(0);
        }
    }
    return verdict();
}
