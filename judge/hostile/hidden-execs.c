/* Replaces itself again and again, as a new program each time. */
#include "contained.h"
int main(int count, char **words) {
    (void)count;
    for (volatile long i = 0; i < 1000000; i++) continue;
    execv(words[0], words);
    return 1;
}
