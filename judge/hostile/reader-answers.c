/* Looks for the expected answer: beside its input, in the validator's places, and in the judge's store. */
#include "contained.h"
int main(void) {
    static const char *const places[] = {"", "/.store/files", "/old", "/proc/1/root", "/proc/1/root/.store/files",
                                         "/proc/self/root", "/proc/self/root/.store/files", "/scratch/../.store/files", "/data"};
    static const char *const paths[] = {"/data/answer", "/data/input", "/data", "/box/answer", "/scratch/answer", "/.store",
                                        "/.store/files", "/.store/files/live", "/.store/files/packages", "/live", "/packages",
                                        "/proc/self/fd/0/..", "/proc/self/fd/0/../answer", "/dev/fd/0/../answer"};
    char link[2048], path[4096];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (strcmp(paths[i], "/data")) refuse_reading(paths[i]);
    /* What the kernel calls the input's file leads to its folder, if that can be seen. */
    ssize_t length = readlink("/proc/self/fd/0", link, sizeof link - 1);
    link[length < 0 ? 0 : length] = 0;
    char *name = strrchr(link, '/');
    for (size_t i = 0; name && i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, sizeof path, "%s%.*s/answer", places[i], (int)(name - link), link);
        refuse_reading(path);
        snprintf(path, sizeof path, "%s%s", places[i], link);
        if (strcmp(path, link) || link[0] != '/') refuse_reading(path);
        snprintf(path, sizeof path, "%s%.*s", places[i], (int)(name - link), link);
        refuse_reading(path);
    }
    REFUSED(openat(0, "../answer", O_RDONLY));
    REFUSED(openat(0, "..", O_RDONLY | O_DIRECTORY));
    return verdict();
}
