/* Becomes another program, with more words and settings than most. */
#include "contained.h"
int main(int count, char **words) {
    static char *many[20002], *none[] = {NULL};
    if (count > 1) {
        NEVER(count != 20001);
        return verdict();
    }
    for (int i = 0; i < 20001; i++) many[i] = "one word of a great many words";
    execve(words[0], many, none);
    return 1;
}
