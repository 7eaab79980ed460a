/* Closes its streams and goes on, with a file of its own in their place. */
#include "contained.h"
int main(void) {
    close(0);
    close(1);
    close(2);
    usleep(50000);
    if (open("/scratch/x", O_CREAT | O_WRONLY, 0600) != 0) return 1;
    open("/scratch/y", O_CREAT | O_WRONLY, 0600);
    return verdict();
}
