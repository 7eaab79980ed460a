/* Sleeps. */
#include "contained.h"
int main(void) {
    for (;;) sleep(1000);
}
