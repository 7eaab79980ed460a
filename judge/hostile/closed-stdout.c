/* Closes its streams and goes on. */
#include "contained.h"
int main(void) {
    close(0);
    close(1);
    close(2);
    usleep(50000);
    return open("/scratch/x", O_CREAT | O_WRONLY, 0600) == 0 ? 0 : 1;
}
