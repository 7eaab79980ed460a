/* One side of a dialogue: as its argument says. */
#include "contained.h"
int main(int count, char **words) {
    char line[64];
    const char *part = count > 1 ? words[1] : "";
    if (!strcmp(part, "count-up")) {
        for (int i = 1; i <= 1000; i++) {
            printf("%d\n", i);
            fflush(stdout);
            if (!fgets(line, sizeof line, stdin) || atoi(line) != i + 1) return 1;
        }
        return 0;
    }
    if (!strcmp(part, "add-one")) {
        while (fgets(line, sizeof line, stdin)) {
            printf("%d\n", atoi(line) + 1);
            fflush(stdout);
        }
        return 42;
    }
    if (!strcmp(part, "crash")) abort();
    if (!strcmp(part, "reject-at-end-of-input")) {
        while (fgets(line, sizeof line, stdin)) continue;
        return 43;
    }
    if (!strcmp(part, "reject-at-once")) return 43;
    if (!strcmp(part, "crash-at-end-of-input")) {
        while (fgets(line, sizeof line, stdin)) continue;
        abort();
    }
    if (!strcmp(part, "write-without-a-reader")) {
        usleep(100000);
        for (int i = 0; i < 100000; i++) puts("something");
        return 7;
    }
    if (!strcmp(part, "flood"))
        for (;;) puts("something");
    for (;;) pause();
}
