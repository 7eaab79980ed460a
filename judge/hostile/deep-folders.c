/* Nests folders until the work folder is full. */
#include "contained.h"
int main(void) {
    while (!mkdir("x", 0700) && !chdir("x")) continue;
    return 0;
}
