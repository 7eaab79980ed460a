/* Makes the compiler warn ten thousand times, and is a right program all the same. */
#include <stdio.h>
#define WARN _Pragma("GCC warning \"beware beware beware beware beware beware\"")
#define A WARN WARN WARN WARN WARN WARN WARN WARN WARN WARN
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
D int main(void) {
    puts("contained");
    return 0;
}
