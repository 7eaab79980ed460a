/* Looks in every folder of the jail for anything but itself: sources, programs, tests, other submissions. */
#include "contained.h"
#include <dirent.h>
static void expect_only(const char *folder, const char *name) {
    DIR *all = opendir(folder);
    for (struct dirent *entry; all && (entry = readdir(all));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || !strcmp(entry->d_name, name)) continue;
        printf("found: %s/%s\n", folder, entry->d_name);
        escapes++;
    }
    if (all) closedir(all);
}
int main(void) {
    expect_only("/box", "main");
    expect_only("/data", "");
    expect_only("/pch", "");
    expect_only("/scratch", "");
    expect_only("/tmp", "");
    expect_only("/dev/shm", "");
    expect_only("/old", "");
    expect_only("/home", "");
    expect_only("/root", "");
    expect_only("/var/tmp", "");
    /* Where GHC is installed, its list of packages is there. */
    expect_only("/var", "lib");
    expect_only("/var/lib", "ghc");
    expect_only("/var/lib/ghc", "package.conf.d");
    refuse_reading("/.store");
    refuse_reading("/box/main.c");
    return verdict();
}
