/* Makes its work folder a trap for whoever copies from it. */
#include "contained.h"
int main(void) {
    symlink("/etc/shadow", "/work/shadow");
    symlink("/", "/work/root");
    symlink("plain", "/work/to-plain");
    mkfifo("/work/fifo", 0666);
    mkdir("/work/folder", 0700);
    symlink("..", "/work/folder/up");
    FILE *file = fopen("/work/plain", "w");
    fputs("plain\n", file);
    fclose(file);
    file = fopen("/work/folder/inner", "w");
    fputs("inner\n", file);
    fclose(file);
    chmod("/work/folder/inner", 04755);
    return 0;
}
