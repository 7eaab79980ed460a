/* Ignores every signal and stops itself and its child. */
#include "contained.h"
int main(void) {
    for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
    fork();
    raise(SIGSTOP);
    for (;;) pause();
}
