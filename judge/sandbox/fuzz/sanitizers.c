/* Linked into the sanitized supervisor: how its sanitizers behave, as nobody sets their environment variables. */
#include <stdio.h>
#include <unistd.h>

#include "heap.h"

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
int __lsan_is_turned_off(void);

/* An exit code that the supervisor itself never has. */
const char *__asan_default_options(void) { return "exitcode=99"; }
const char *__ubsan_default_options(void) { return "exitcode=99:print_stacktrace=1"; }

/*
 * LeakSanitizer stops all threads to look for what nothing points to, and finds them in /proc, which is not there once
 * the supervisor has its jail around it: it would end the process with an error of its own.
 */
int __lsan_is_turned_off(void) { return access("/proc/self/task", R_OK) != 0; }

/* Inside the jail, what is left at the end tells instead: it must not grow with the requests served. */
__attribute__((destructor)) static void tell_what_is_left(void) {
    fprintf(stderr, "left on the heap: %zu bytes\n", __sanitizer_get_current_allocated_bytes());
}
