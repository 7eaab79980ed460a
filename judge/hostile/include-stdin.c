/* Includes what the compiler is given on its stdin, which is nothing. */
#include "/dev/stdin"
#include <stdio.h>
int main(void) {
    puts("contained");
    return 0;
}
