/* Asks the compiler for files that are none of its business, and has itself refused if there is any. */
#if __has_include("/data/answer") || __has_include("/data/input") || __has_include("/etc/shadow") ||                 \
    __has_include("/etc/passwd") || __has_include("/etc/hostname") || __has_include("/root/.bashrc") ||              \
    __has_include("/root/.profile") || __has_include("/proc/1/environ") ||    \
    __has_include("/proc/1/cmdline") || __has_include("/sys/kernel/notes") || __has_include("/proc/version") ||      \
    __has_include("/proc/self/root/etc/shadow") || __has_include("../answer") || __has_include("../../0/answer") ||  \
    __has_include("/old/etc/shadow") || __has_include("/var/lib/dpkg/status") || __has_include("/dev/mem")
#error "a secret can be included"
#endif
#include <stdio.h>
int main(void) {
    puts("contained");
    return 0;
}
