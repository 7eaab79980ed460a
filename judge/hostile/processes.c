/* Starts processes that wait until it may not; far more than a solution needs is too many. */
#include "contained.h"
int main(void) {
    int count = 0;
    for (; count < 5000; count++) {
        pid_t child = fork();
        if (child == 0)
            for (;;) pause();
        if (child < 0) break;
    }
    NEVER(count > 200);
    return verdict();
}
