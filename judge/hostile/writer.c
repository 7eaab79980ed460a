/* Creates, changes, moves and removes files in every folder but its work folder. */
#include "contained.h"
#include <sys/time.h>
int main(int count, char **words) {
    static const char *const folders[] = {"/", "/usr", "/usr/bin", "/usr/lib", "/usr/include", "/usr/local/bin", "/bin", "/lib",
                                          "/lib64", "/etc", "/etc/alternatives", "/opt", "/opt/node/bin", "/dev", "/dev/fd",
                                          "/box", "/data", "/pch", "/proc", "/proc/self", "/sys", "/run", "/var/tmp", "/.store"};
    char path[256];
    (void)count;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, sizeof path, "%s/intruder", folders[i]);
        REFUSED(open(path, O_CREAT | O_WRONLY, 0644));
        REFUSED(open(folders[i], O_TMPFILE | O_WRONLY, 0644));
        REFUSED(mkdir(path, 0755));
        REFUSED(symlink("/scratch", path));
        REFUSED(mkfifo(path, 0666));
        REFUSED(rename(folders[i], "/scratch/mine"));
        REFUSED(unlink(folders[i]));
        REFUSED(rmdir(folders[i]));
        REFUSED(chmod(folders[i], 0777));
        REFUSED(utimes(folders[i], NULL));
    }
    REFUSED(open(words[0], O_WRONLY));
    REFUSED(open("/proc/self/exe", O_WRONLY));
    REFUSED(truncate(words[0], 0));
    REFUSED(unlink(words[0]));
    REFUSED(chmod(words[0], 0777));
    REFUSED(open("/usr/bin/gcc", O_WRONLY));
    REFUSED(open("/etc/ld.so.cache", O_WRONLY));
    REFUSED(open("/etc/ld.so.preload", O_CREAT | O_WRONLY, 0644));
    return verdict();
}
