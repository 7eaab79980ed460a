/* Prints the right answer and ends as its input asks: `exit N`, `signal N`, `compute` or `sleep`. */
#include "contained.h"
int main(void) {
    char how[16] = "";
    int number = 0;
    if (scanf("%15s %d", how, &number) < 1) return 99;
    puts("contained");
    fflush(stdout);
    if (!strcmp(how, "exit")) _exit(number);
    if (!strcmp(how, "compute")) compute();
    if (!strcmp(how, "signal")) raise(number);
    for (;;) pause();
}
