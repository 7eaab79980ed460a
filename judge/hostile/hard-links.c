/* Gives files that are not its own a name in its work folder, by hard links and through symbolic ones. */
#include "contained.h"
int main(int count, char **words) {
    (void)count;
    REFUSED(link(words[0], "/scratch/copy"));
    REFUSED(link("/usr/bin/env", "/scratch/env"));
    REFUSED(link("/dev/null", "/scratch/null"));
    REFUSED(link("/etc/ld.so.cache", "/scratch/cache"));
    REFUSED(linkat(AT_FDCWD, "/proc/self/exe", AT_FDCWD, "/scratch/exe", AT_SYMLINK_FOLLOW));
    REFUSED(linkat(open("/usr/bin/env", O_PATH), "", AT_FDCWD, "/scratch/path", AT_EMPTY_PATH));
    symlink("/etc/shadow", "/scratch/shadow");
    symlink("/proc/1/root/etc/shadow", "/scratch/other");
    symlink("/usr/bin", "/scratch/bin");
    symlink("/box/main", "/scratch/main");
    refuse_reading("/scratch/shadow");
    refuse_reading("/scratch/other");
    REFUSED(open("/scratch/bin/intruder", O_CREAT | O_WRONLY, 0644));
    REFUSED(open("/scratch/main", O_WRONLY));
    REFUSED(rename("/scratch/bin", "/usr/bin"));
    return verdict();
}
