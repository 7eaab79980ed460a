/* Creates, changes and links files outside its work folder. */
#include "contained.h"
int main(int count, char **words) {
    static const char *const folders[] = {"/", "/usr", "/usr/bin", "/etc", "/etc/alternatives", "/dev", "/box", "/data", "/pch", "/proc", "/proc/self"};
    char path[256];
    (void)count;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, sizeof path, "%s/intruder", folders[i]);
        REFUSED(open(path, O_CREAT | O_WRONLY, 0644));
        REFUSED(mkdir(path, 0755));
        REFUSED(symlink("/scratch", path));
        REFUSED(unlink(folders[i]));
        REFUSED(chmod(folders[i], 0777));
    }
    REFUSED(open(words[0], O_WRONLY));
    REFUSED(unlink(words[0]));
    REFUSED(link(words[0], "/scratch/copy"));
    REFUSED(link("/usr/bin/env", "/scratch/env"));
    REFUSED(open("/proc/self/fd/0", O_WRONLY));
    REFUSED(ftruncate(0, 0));
    REFUSED(fchmod(0, 0777));
    REFUSED(open("/proc/self/oom_score_adj", O_WRONLY));
    REFUSED(open("/proc/self/uid_map", O_WRONLY));
    return verdict();
}
