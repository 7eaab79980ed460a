/* Ends as its input asks: `exit N` or `signal N`. */
#include "contained.h"
int main(void) {
    char how[16];
    int number;
    if (scanf("%15s %d", how, &number) != 2) return 99;
    if (!strcmp(how, "exit")) _exit(number);
    raise(number);
    for (;;) pause();
}
