/* Opens files by handles, which lead past every path, and watches whole file systems. */
#include "contained.h"
int main(void) {
    struct {
        struct file_handle head;
        unsigned char bytes[128];
    } handle = {.head = {.handle_bytes = 128}};
    int mount;
    REFUSED(name_to_handle_at(AT_FDCWD, "/usr", &handle.head, &mount, 0));
    /* The root of many file systems is inode 2. */
    handle.head.handle_bytes = 8;
    handle.head.handle_type = 1;
    *(unsigned *)handle.head.f_handle = 2;
    REFUSED(open_by_handle_at(open("/usr", O_RDONLY), &handle.head, O_RDONLY));
    REFUSED(open_by_handle_at(AT_FDCWD, &handle.head, O_RDONLY));
    REFUSED(syscall(SYS_fanotify_init, 0, 0));
    REFUSED(syscall(SYS_fanotify_init, 0x200 /* report ids, which needs no privilege */, 0));
    REFUSED(syscall(SYS_fanotify_mark, 0, 1, 1, AT_FDCWD, "/"));
    return verdict();
}
