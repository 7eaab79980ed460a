/* Kills its own process group, itself included, after the right answer. */
#include "contained.h"
int main(void) {
    verdict();
    fflush(stdout);
    if (fork() == 0)
        for (;;) pause();
    kill(0, SIGKILL);
    for (;;) pause();
}
