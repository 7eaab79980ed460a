/* Reads in its own mount table where the judge keeps things, and looks for them there. */
#include "contained.h"
int main(void) {
    char line[4096], root[1024], point[1024], path[4096];
    FILE *table = fopen("/proc/self/mountinfo", "r");
    while (table && fgets(line, sizeof line, table)) {
        if (sscanf(line, "%*s %*s %*s %1023s %1023s", root, point) != 2) continue;
        NEVER(!strncmp(point, "/.store", 7));
        NEVER(!strncmp(point, "/old", 4));
        if (!strcmp(root, "/")) continue;
        for (char *end = root + strlen(root); end > root; *end = 0, end = strrchr(root, '/')) {
            if (!strncmp(root, "/usr", 4) || !strncmp(root, "/etc", 4) || !strncmp(root, "/lib", 4)) break;
            if (!strcmp(root, point)) break;
            *end = 0;
            snprintf(path, sizeof path, "%s/answer", root);
            refuse_reading(path);
            snprintf(path, sizeof path, "%s/source/main.c", root);
            refuse_reading(path);
            if (!strchr(root, '/')) break;
        }
    }
    return verdict();
}
