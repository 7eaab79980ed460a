/* Waits for a signal that never comes, with all others blocked, ignored and put off. */
#include "contained.h"
int main(void) {
    sigset_t all;
    int number;
    for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (;;) sigwait(&all, &number);
}
