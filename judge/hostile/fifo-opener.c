/* Opens a named pipe whose other end nobody will ever open. */
#include "contained.h"
int main(void) {
    if (mkfifo("/scratch/fifo", 0600)) return 1;
    open("/scratch/fifo", O_RDONLY);
    return verdict();
}
