/* Has static data that is zero until it is used. */
#include "contained.h"
static volatile char bytes[1 << 30];
int main(void) {
    for (size_t i = 0; i < sizeof bytes; i += 4096) bytes[i] = 1;
    return verdict();
}
