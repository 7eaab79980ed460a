/* Takes heap and uses it. */
#include "contained.h"
int main(void) {
    for (;;) take(1 << 20);
}
