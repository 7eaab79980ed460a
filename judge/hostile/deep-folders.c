/* Nests folders until the work folder is full. */
#include "contained.h"
int main(void) {
    int depth = 0;
    while (depth < 50000 && !mkdir("x", 0700) && !chdir("x")) depth++;
    NEVER(depth > 10000);
    return verdict();
}
