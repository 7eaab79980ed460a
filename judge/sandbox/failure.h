/* What went wrong, as a sentence for the judge's log. Every function that can fail fills one in. */
#ifndef SANDBOX_FAILURE_H
#define SANDBOX_FAILURE_H

struct failure {
    char text[512];
};

/* Fills in the sentence (printf style) and returns -1, so that a caller can write `return fail(...)`. */
int fail(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As `fail`, with the text of the current errno after a colon. */
int fail_errno(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
