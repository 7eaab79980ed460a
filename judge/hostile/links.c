/* Makes its work folder a trap for whoever copies from it. */
#include "contained.h"
int main(void) {
    symlink("/etc/shadow", "/scratch/shadow");
    symlink("/", "/scratch/root");
    symlink("plain", "/scratch/to-plain");
    mkfifo("/scratch/fifo", 0666);
    mkdir("/scratch/folder", 0700);
    symlink("..", "/scratch/folder/up");
    FILE *file = fopen("/scratch/plain", "w");
    fputs("plain\n", file);
    fclose(file);
    file = fopen("/scratch/folder/inner", "w");
    fputs("inner\n", file);
    fclose(file);
    chmod("/scratch/folder/inner", 04755);
    return 0;
}
