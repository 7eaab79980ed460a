/* Recurses without end. */
#include "contained.h"
static int deeper(volatile char *above) {
    volatile char frame[4096];
    frame[0] = above[0];
    return deeper(frame) + frame[0];
}
int main(void) {
    char first = 1;
    return deeper(&first);
}
