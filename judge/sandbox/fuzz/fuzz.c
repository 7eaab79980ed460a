/*
 * A coverage-guided fuzzer of the supervisor's message parser, with nothing but gcc.
 *
 *     fuzzer SECONDS SEED FOUND REQUEST...   tries requests made by chance out of valid ones (files, a frame each)
 *     fuzzer FILE                            tries what was found once more
 *
 * An input that takes the parser along an edge that none took before is kept, and changed further. The same seed tries
 * the same inputs in the same order. Ends with 0 when nothing was wrong, with 1 when something was: the input is then
 * in the file FOUND; with 2 when it could not begin.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "corpus.h"
#include "coverage.h"
#include "mutate.h"
#include "random.h"

enum { EXIT_NOTHING_FOUND = 0, EXIT_FOUND = 1, EXIT_USAGE = 2 };

static struct input current;
static const char *found_path;
static unsigned long long tried, accepted;

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
void __sanitizer_set_death_callback(void (*callback)(void));

/*
 * What leaks is counted after each input; a leak check at the end could not tell which it was. No request needs more
 * than its own size and some pointers: to ask for more than 2 MB at once is a defect.
 */
const char *__asan_default_options(void) {
    return "detect_leaks=0:quarantine_size_mb=1:malloc_context_size=1:max_allocation_size_mb=2";
}

/* Both sanitizers have a death callback of their own, only one of which can be set: the other aborts. */
const char *__ubsan_default_options(void) { return "print_stacktrace=1:abort_on_error=1"; }

/* Keeps the input at which the process ends. Called from signal handlers and a dying allocator: nothing on the heap. */
static void on_found(void) {
    int file = found_path ? open(found_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    if (file >= 0 && write(file, current.bytes, current.length) == (ssize_t)current.length)
        dprintf(STDERR_FILENO, "the input is in %s, number %llu\n", found_path, tried);
    _exit(EXIT_FOUND);
}

static void on_signal(int number) {
    if (number == SIGVTALRM) {
        /* Twice at the same input: it takes a second of CPU time, where others take microseconds. */
        static unsigned long long last = -1ull;
        if (tried != last) {
            last = tried;
            return;
        }
        dprintf(STDERR_FILENO, "an input that takes for ever\n");
    }
    on_found();
}

static void catch_signals(void) {
    struct itimerval second = {{1, 0}, {1, 0}};
    signal(SIGABRT, on_signal);
    signal(SIGVTALRM, on_signal);
    setitimer(ITIMER_VIRTUAL, &second, NULL);
    __sanitizer_set_death_callback(on_found);
}

static int read_input(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    current.length = fread(current.bytes, 1, sizeof current.bytes, file);
    fclose(file);
    return 0;
}

/* Tries the current input. Returns how many of its requests were accepted. */
static unsigned try_current(void) {
    coverage_start();
    unsigned count = check_input(current.bytes, current.length);
    tried++;
    accepted += count > 0;
    return count;
}

/* Tries the valid requests and keeps them all. One that the parser refuses would teach nothing. */
static int plant_seeds(char **paths, struct random *random) {
    for (; *paths; paths++) {
        if (read_input(*paths)) return -1;
        if (!try_current()) {
            fprintf(stderr, "%s: not a request that is accepted\n", *paths);
            return -1;
        }
        coverage_is_new();
        corpus_keep(&current, random);
    }
    return 0;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fuzz(double seconds, struct random *random) {
    const double started = seconds_now();
    do {
        for (int i = 0; i < 256; i++) {
            corpus_next(&current, random);
            mutate(&current, random);
            try_current();
            if (coverage_is_new()) corpus_keep(&current, random);
        }
    } while (seconds_now() - started < seconds);
}

int main(int argc, char **argv) {
    catch_signals();
    if (argc == 2) {
        if (read_input(argv[1])) return EXIT_USAGE;
        printf("nothing wrong; %u requests accepted\n", try_current());
        return EXIT_NOTHING_FOUND;
    }
    if (argc < 5) {
        fprintf(stderr, "usage: %s SECONDS SEED FOUND REQUEST... | %s FILE\n", argv[0], argv[0]);
        return EXIT_USAGE;
    }
    struct random random = {strtoull(argv[2], NULL, 10) * 2 + 1};
    found_path = argv[3];
    printf("seed %s\n", argv[2]);
    fflush(stdout);
    if (plant_seeds(argv + 4, &random)) return EXIT_USAGE;
    unsigned first_edges = coverage_edges();
    fuzz(strtod(argv[1], NULL), &random);
    printf("%llu inputs, %llu accepted, %u edges (%u by the requests given), %u kept\n", tried, accepted,
           coverage_edges(), first_edges, corpus_size());
    return EXIT_NOTHING_FOUND;
}
