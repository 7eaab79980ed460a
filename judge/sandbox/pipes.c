#define _GNU_SOURCE
#include "pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

void close_if_open(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* Makes a pipe owned by `uid` and our end of it, number `own`, non-blocking: a flag of that end alone. */
static int make_pipe(int ends[2], int own, unsigned uid) {
    if (pipe2(ends, O_CLOEXEC)) {
        ends[0] = ends[1] = -1;
        return -1;
    }
    return fchown(ends[0], uid, uid) || fcntl(ends[own], F_SETFL, O_NONBLOCK) ? -1 : 0;
}

int pipe_from_program(int *ours, int *theirs, unsigned uid) {
    int ends[2];
    int failed = make_pipe(ends, 0, uid);
    *ours = ends[0];
    *theirs = ends[1];
    return failed;
}

int pipe_to_program(int *ours, int *theirs, unsigned uid) {
    int ends[2];
    int failed = make_pipe(ends, 1, uid);
    *ours = ends[1];
    *theirs = ends[0];
    return failed;
}

int drain(int *fd, struct writer *kept, uint64_t limit) {
    static unsigned char buffer[1 << 16];
    while (*fd >= 0) {
        ssize_t got = read(*fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return 0;
        if (got <= 0) {
            close_if_open(fd);
            return 0;
        }
        uint64_t room = limit - kept->length;
        write_bytes(kept, buffer, (uint64_t)got > room ? room : (size_t)got);
        /* One look at a time: a program that floods stderr must not keep us from the clock. */
        if ((uint64_t)got > room) return 1;
    }
    return 0;
}

static void put_u32(unsigned char *to, uint32_t value) {
    for (int i = 0; i < 4; i++) to[i] = (unsigned char)(value >> 8 * i);
}

/* Takes down what one of two programs said; what follows its own last words becomes one part with them. */
static void take_down(struct transcript *transcript, uint8_t speaker, const unsigned char *bytes, uint32_t length) {
    enum { HEAD = 5 };
    int goes_on = transcript->length > 0 && transcript->bytes[transcript->last] == speaker;
    uint32_t room = (uint32_t)sizeof transcript->bytes - transcript->length;
    uint32_t head = goes_on ? 0 : HEAD;
    if (transcript->is_cut || room <= head) {
        transcript->is_cut = 1;
        return;
    }
    if (length > room - head) {
        length = room - head;
        transcript->is_cut = 1;
    }
    if (!goes_on) {
        transcript->last = transcript->length;
        transcript->bytes[transcript->last] = speaker;
        transcript->length += HEAD;
    }
    memcpy(transcript->bytes + transcript->length, bytes, length);
    transcript->length += length;
    put_u32(transcript->bytes + transcript->last + 1, transcript->length - transcript->last - HEAD);
}

short relay_reads(const struct relay *relay) { return relay->from >= 0 && relay->length == 0 ? POLLIN : 0; }
short relay_writes(const struct relay *relay) { return relay->to >= 0 && relay->length > 0 ? POLLOUT : 0; }

/* Takes the next bytes into the empty buffer. Returns whether there were any. */
static int relay_fill(struct relay *relay) {
    if (relay->from < 0) return 0;
    ssize_t got = read(relay->from, relay->buffer, sizeof relay->buffer);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (got <= 0) {
        close_if_open(&relay->from);
        relay->ended = monotonic_ns();
        return 0;
    }
    relay->start = 0;
    relay->length = (uint32_t)got;
    relay->passed += (uint64_t)got;
    take_down(relay->transcript, relay->speaker, relay->buffer, (uint32_t)got);
    return 1;
}

/* Gives what the buffer holds. Returns whether it is empty now. */
static int relay_empty(struct relay *relay) {
    while (relay->to >= 0 && relay->length > 0) {
        ssize_t put = write(relay->to, relay->buffer + relay->start, relay->length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && errno == EAGAIN) return 0;
        if (put < 0) {
            close_if_open(&relay->to);
            break;
        }
        relay->start += (uint32_t)put;
        relay->length -= (uint32_t)put;
    }
    relay->length = 0;
    return 1;
}

void relay_move(struct relay *relay) {
    /* A few rounds only: two programs that talk without pause must not keep us from the clock. */
    for (int round = 0; round < 8; round++)
        if (!relay_empty(relay) || !relay_fill(relay)) break;
    if (relay->length > 0) relay_empty(relay);
    if (relay->from < 0 && relay->length == 0) close_if_open(&relay->to);
}

void relay_conclude(struct relay *relay) {
    /* A pipe holds little more than the buffer, unless others than the program kept writing. */
    for (int round = 0; round < 8 && relay_fill(relay); round++) continue;
}
