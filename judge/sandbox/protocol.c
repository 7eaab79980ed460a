#include "protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Steps over the next `length` bytes and returns where they begin, or NULL when there are fewer. */
static const unsigned char *take(struct reader *reader, size_t length) {
    if (reader->bad || (size_t)(reader->end - reader->at) < length) {
        reader->bad = 1;
        return NULL;
    }
    const unsigned char *start = reader->at;
    reader->at += length;
    return start;
}

/* The next `width` bytes as a little-endian number. */
static uint64_t read_number(struct reader *reader, size_t width) {
    const unsigned char *bytes = take(reader, width);
    uint64_t value = 0;
    for (size_t i = 0; bytes && i < width; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

uint8_t read_u8(struct reader *reader) { return (uint8_t)read_number(reader, 1); }
uint32_t read_u32(struct reader *reader) { return (uint32_t)read_number(reader, 4); }
uint64_t read_u64(struct reader *reader) { return read_number(reader, 8); }

char *read_text(struct reader *reader) {
    uint32_t length = read_u32(reader);
    const unsigned char *bytes = take(reader, length);
    if (!bytes) return NULL;
    if (memchr(bytes, 0, length)) {
        reader->bad = 1;
        return NULL;
    }
    char *text = malloc((size_t)length + 1);
    if (!text) abort();
    memcpy(text, bytes, length);
    text[length] = 0;
    return text;
}

char **read_list(struct reader *reader, uint32_t most) {
    uint32_t count = read_u32(reader);
    if (reader->bad || count > most) {
        reader->bad = 1;
        return NULL;
    }
    char **list = calloc((size_t)count + 1, sizeof *list);
    if (!list) abort();
    for (uint32_t i = 0; i < count; i++) {
        list[i] = read_text(reader);
        if (!list[i]) {
            free_list(list);
            return NULL;
        }
    }
    return list;
}

void free_list(char **list) {
    for (char **item = list; item && *item; item++) free(*item);
    free(list);
}

void write_bytes(struct writer *writer, const void *bytes, size_t length) {
    if (writer->room - writer->length < length) {
        size_t room = writer->room ? writer->room : 256;
        while (room - writer->length < length) room *= 2;
        writer->bytes = realloc(writer->bytes, room);
        if (!writer->bytes) abort();
        writer->room = room;
    }
    if (length) memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

/* Appends a number of `width` bytes, little-endian. */
static void write_number(struct writer *writer, uint64_t value, size_t width) {
    unsigned char bytes[8];
    for (size_t i = 0; i < width; i++) bytes[i] = (unsigned char)(value >> (8 * i));
    write_bytes(writer, bytes, width);
}

void write_u8(struct writer *writer, uint8_t value) { write_number(writer, value, 1); }
void write_u32(struct writer *writer, uint32_t value) { write_number(writer, value, 4); }
void write_u64(struct writer *writer, uint64_t value) { write_number(writer, value, 8); }

void write_text(struct writer *writer, const char *text) {
    size_t length = strlen(text);
    write_u32(writer, (uint32_t)length);
    write_bytes(writer, text, length);
}

/* Reads exactly `length` bytes. Returns how many came before the end of input, or -1 on an error. */
static ssize_t read_fully(int fd, unsigned char *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t got = read(fd, bytes + done, length - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

int receive_frame(int fd, uint8_t *kind, unsigned char **payload, size_t *length, struct failure *failure) {
    unsigned char head[6];
    ssize_t got = read_fully(fd, head, sizeof head);
    if (got == 0) return 0;
    if (got < 0) return fail_errno(failure, "cannot read a request");
    if (got < (ssize_t)sizeof head) return fail(failure, "the input ended inside a frame's head");
    struct reader reader = {head, head + sizeof head, 0};
    uint32_t size = read_u32(&reader);
    uint8_t version = read_u8(&reader);
    *kind = read_u8(&reader);
    if (size < 2 || size > MAX_REQUEST_BYTES) return fail(failure, "a frame of %u bytes is not a request", size);
    if (version != PROTOCOL_VERSION)
        return fail(failure, "protocol version %u spoken, %d understood", version, PROTOCOL_VERSION);
    *length = size - 2;
    *payload = malloc(*length + 1);
    if (!*payload) abort();
    if (read_fully(fd, *payload, *length) != (ssize_t)*length) {
        free(*payload);
        return fail(failure, "the input ended inside a frame");
    }
    return 1;
}

/* Writes all parts, at once where the other side can take them: it then wakes up once. Returns -1 on an error. */
static int write_parts(int fd, struct iovec *parts, int count) {
    while (count > 0) {
        ssize_t put = writev(fd, parts, count);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return -1;
        size_t done = (size_t)put;
        for (; count > 0 && done >= parts->iov_len; parts++, count--) done -= parts->iov_len;
        if (count > 0) *parts = (struct iovec){(char *)parts->iov_base + done, parts->iov_len - done};
    }
    return 0;
}

int send_frame(int fd, uint8_t kind, const struct writer *payload, struct failure *failure) {
    struct writer head = {NULL, 0, 0};
    write_u32(&head, (uint32_t)payload->length + 2);
    write_u8(&head, PROTOCOL_VERSION);
    write_u8(&head, kind);
    struct iovec parts[] = {{head.bytes, head.length}, {payload->bytes, payload->length}};
    int failed = write_parts(fd, parts, 2) ? fail_errno(failure, "cannot answer") : 0;
    free(head.bytes);
    return failed;
}
