/* Has static data that is in its file, and changes it. */
#include "contained.h"
static volatile char bytes[72 << 20] = {1};
int main(void) {
    for (size_t i = 0; i < sizeof bytes; i += 4096) bytes[i]++;
    return verdict();
}
