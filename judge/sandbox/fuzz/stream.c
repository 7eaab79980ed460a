#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "random.h"

static struct {
    const unsigned char *bytes;
    size_t length;
    size_t at;
    enum stream_manner manner;
    struct random random;
} source;

static struct {
    unsigned char *bytes;
    size_t room;
    size_t length;
    struct random random;
} sink;

void stream_give(const unsigned char *bytes, size_t length, enum stream_manner manner, uint64_t chance) {
    source.bytes = bytes;
    source.length = length;
    source.at = 0;
    source.manner = manner;
    source.random.state = chance | 1;
}

size_t stream_position(void) { return source.at; }

void stream_take(unsigned char *bytes, size_t room, uint64_t chance) {
    sink.bytes = bytes;
    sink.room = room;
    sink.length = 0;
    sink.random.state = chance | 1;
}

size_t stream_written(void) { return sink.length; }

/* Whether a signal comes in between this time. */
static int is_interrupted(struct random *random) {
    if (random_below(random, 8)) return 0;
    errno = EINTR;
    return 1;
}

/* Mostly all that may go at once, else some of it. */
static size_t piece_of(struct random *random, size_t length) {
    return length && random_below(random, 3) ? 1 + random_below(random, length) : length;
}

ssize_t __real_read(int fd, void *bytes, size_t length);
ssize_t __wrap_read(int fd, void *bytes, size_t length);
ssize_t __real_writev(int fd, const struct iovec *parts, int count);
ssize_t __wrap_writev(int fd, const struct iovec *parts, int count);

ssize_t __wrap_read(int fd, void *bytes, size_t length) {
    if (fd != STREAM) return __real_read(fd, bytes, length);
    size_t left = source.length - source.at;
    if (source.manner != STREAM_WHOLE && is_interrupted(&source.random)) return -1;
    if (left == 0 && length > 0 && source.manner == STREAM_BREAKS) {
        errno = EIO;
        return -1;
    }
    size_t given = length < left ? length : left;
    if (source.manner != STREAM_WHOLE) given = piece_of(&source.random, given);
    if (given) memcpy(bytes, source.bytes + source.at, given);
    source.at += given;
    return (ssize_t)given;
}

ssize_t __wrap_writev(int fd, const struct iovec *parts, int count) {
    if (fd != STREAM) return __real_writev(fd, parts, count);
    if (is_interrupted(&sink.random)) return -1;
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    size_t taken = piece_of(&sink.random, length), done = 0;
    if (taken > sink.room - sink.length) abort();
    for (int i = 0; i < count && done < taken; i++) {
        size_t part = parts[i].iov_len < taken - done ? parts[i].iov_len : taken - done;
        if (part) memcpy(sink.bytes + sink.length + done, parts[i].iov_base, part);
        done += part;
    }
    sink.length += taken;
    return (ssize_t)taken;
}
