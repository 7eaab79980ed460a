/* Becomes itself with words that fill memory. */
#include "contained.h"
int main(void) {
    static char *words[4096], word[130000];
    memset(word, 'x', sizeof word - 1);
    for (int i = 0; i < 4095; i++) words[i] = word;
    NEVER(execv("/box/main", words) == 0 || errno != E2BIG);
    return verdict();
}
