/* Leaves a child behind that holds stdout open, to add to the answer after the end. */
#include "contained.h"
int main(void) {
    if (fork() == 0) {
        setsid();
        usleep(300000);
        write(1, "late\n", 5);
        for (;;) pause();
    }
    return verdict();
}
