#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../protocol.h"
#include "../request.h"
#include "heap.h"
#include "stream.h"

enum { HEAD_BYTES = 6 };

static void promise(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

/* Fills in what the parser is handed, so that what it leaves alone shows. */
static void spoil(void *memory, size_t length) { memset(memory, 0xa5, length); }

static void promise_reason(const struct failure *failure) {
    const char *end = memchr(failure->text, 0, sizeof failure->text);
    promise(end && end > failure->text, "a refusal comes with its reason");
}

/* That a path is plain names with single slashes between them. */
static void promise_plain(const char *path) {
    static char wrapped[MAX_INPUT + 3];
    snprintf(wrapped, sizeof wrapped, "/%s/", path);
    promise(!strstr(wrapped, "//") && !strstr(wrapped, "/./") && !strstr(wrapped, "/../"), "a path is plain");
}

static void promise_absolute(const char *path) {
    promise(path[0] == '/', "a path of the host is absolute");
    promise_plain(path + 1);
}

static void promise_configuration(const struct configuration *configuration) {
    promise(configuration->level == LEVEL_FULL || configuration->level == LEVEL_USERNS, "a level is one of the two");
    promise(configuration->uid != 0 && configuration->uid != (uint32_t)-1, "the user is neither root nor nobody at all");
    promise_absolute(configuration->jail);
    promise_absolute(configuration->store);
    if (strcmp(configuration->root, "/")) promise_absolute(configuration->root);
    for (uint32_t i = 0; i < configuration->bind_count; i++) {
        promise_absolute(configuration->binds[i].from);
        promise_absolute(configuration->binds[i].to);
    }
}

static void promise_limits(const struct limits *limits) {
    const uint64_t longest_ns = UINT32_MAX * 1000000ull, gibibyte = 1ull << 30;
    promise(limits->cpu_ns > 0 && limits->cpu_ns <= longest_ns, "CPU time is bounded");
    promise(limits->wall_ns > 0 && limits->wall_ns <= longest_ns, "time on the clock is bounded");
    promise(limits->memory_bytes >= 1 << 20 && limits->memory_bytes <= 1024 * gibibyte, "memory is bounded");
    promise(limits->output_bytes <= gibibyte && limits->error_bytes <= gibibyte, "output is bounded");
    promise(limits->work_bytes > 0 && limits->work_bytes <= 64 * gibibyte, "the work folder is bounded");
    promise(limits->work_inodes > 0, "the number of files is bounded");
    promise(limits->processes > 0, "the number of processes is bounded");
}

static void promise_program(const struct program *program) {
    promise(program->argv && program->argv[0] && program->env, "there is a program to run");
    if (program->input[0]) promise_plain(program->input);
    if (program->files[0]) promise_plain(program->files);
    if (program->collect[0]) promise_plain(program->collect);
    for (uint32_t i = 0; i < program->mount_count; i++) {
        const char *to = program->mounts[i].to;
        promise(!strcmp(to, "/box") || !strcmp(to, "/data") || !strcmp(to, "/pch"), "a mount point is one of three");
        promise_plain(program->mounts[i].from);
    }
    promise_limits(&program->limits);
}

static int decode_one_configuration(struct reader *reader) {
    struct configuration configuration;
    struct failure failure;
    spoil(&configuration, sizeof configuration);
    spoil(&failure, sizeof failure);
    int failed = decode_configuration(reader, &configuration, &failure);
    if (failed) promise_reason(&failure);
    else promise_configuration(&configuration);
    free_configuration(&configuration);
    return !failed;
}

static int decode_one_run(struct reader *reader) {
    struct program programs[2];
    struct failure failure;
    int count = -1;
    spoil(programs, sizeof programs);
    spoil(&failure, sizeof failure);
    int failed = decode_run(reader, programs, &count, &failure);
    if (failed) promise_reason(&failure);
    else promise(count == 1 || count == 2, "one program is run, or two");
    for (int i = 0; i < count && !failed; i++) promise_program(&programs[i]);
#ifdef PLANT_LEAK
    if (failed && count == 2) return 0;
#endif
    free_programs(programs, count);
    return !failed;
}

/* Decodes a payload, in memory of exactly its size: one byte too far is seen. Returns whether it was accepted. */
static int check_payload(uint8_t kind, const unsigned char *payload, size_t length) {
    unsigned char *exact = malloc(length);
    if (!exact) abort();
    if (length) memcpy(exact, payload, length);
    struct reader reader = {exact, exact + length, 0};
#ifdef PLANT_OVERREAD
    /* As if the length that a text announces were believed. */
    if (length > 8 && exact[4] == 0xff) reader.end += 64;
#endif
    int accepted = 0;
    if (kind == REQUEST_CONFIGURE) accepted = decode_one_configuration(&reader);
    if (kind == REQUEST_RUN) accepted = decode_one_run(&reader);
    promise(reader.at <= reader.end, "a reader stays within its payload");
    promise(!accepted || (!reader.bad && reader.at == reader.end), "what is accepted was read to its end");
    free(exact);
    return accepted;
}

/* Receives the frames of a stream, until its end or what is no frame. Returns how many requests were accepted. */
static unsigned check_stream(const unsigned char *bytes, size_t length, enum stream_manner manner, uint64_t chance) {
    unsigned accepted = 0;
    size_t whole = 0;
    stream_give(bytes, length, manner, chance);
    for (;;) {
        uint8_t kind = 0;
        unsigned char *payload = NULL;
        size_t payload_length = 0;
        struct failure failure;
        spoil(&failure, sizeof failure);
        int got = receive_frame(STREAM, &kind, &payload, &payload_length, &failure);
        if (got < 0) promise_reason(&failure);
        if (got == 0) promise(manner != STREAM_BREAKS && whole == length, "only a whole stream ends well");
        if (got <= 0) return accepted;
        promise(got == 1, "a frame was received, the stream ended, or there is a reason");
        promise(payload_length == stream_position() - whole - HEAD_BYTES, "a frame takes what it announces");
        promise(!memcmp(payload, bytes + whole + HEAD_BYTES, payload_length), "a payload is what was sent");
        whole = stream_position();
        accepted += (unsigned)check_payload(kind, payload, payload_length);
        free(payload);
    }
}

/* Writes numbers and texts taken from the input, sends them as a reply, and reads the same again. */
static void check_reply(const unsigned char *bytes, size_t length, uint64_t chance) {
    static unsigned char sent[2 * MAX_INPUT];
    struct writer writer = {NULL, 0, 0};
    struct failure failure;
    char text[8] = "";
    for (size_t at = 0; at + 8 <= length; at += 8) {
        memcpy(text, bytes + at, 7);
        write_u8(&writer, bytes[at]);
        write_u32(&writer, bytes[at] * 0x01010101u);
        write_u64(&writer, bytes[at] * 0x0101010101010101ull);
        write_text(&writer, text);
        if (writer.length > MAX_INPUT) break;
    }
    stream_take(sent, sizeof sent, chance);
    promise(!send_frame(STREAM, REPLY_RESULT, &writer, &failure), "a reply can be sent");
    uint8_t kind;
    unsigned char *payload;
    size_t payload_length;
    stream_give(sent, stream_written(), STREAM_PIECES, chance);
    promise(receive_frame(STREAM, &kind, &payload, &payload_length, &failure) == 1, "a reply is a frame");
    promise(kind == REPLY_RESULT && payload_length == writer.length && stream_position() == stream_written(),
            "a reply is sent whole");
    struct reader reader = {payload, payload + payload_length, 0};
    for (size_t at = 0; reader.at < reader.end; at += 8) {
        promise(read_u8(&reader) == bytes[at], "a byte comes back");
        promise(read_u32(&reader) == bytes[at] * 0x01010101u, "a number comes back");
        promise(read_u64(&reader) == bytes[at] * 0x0101010101010101ull, "a long number comes back");
        memcpy(text, bytes + at, 7);
        char *again = read_text(&reader);
        promise(again && !strcmp(again, text), "a text comes back");
        free(again);
    }
    promise(!reader.bad, "nothing is missing from a reply");
    free(payload);
    free(writer.bytes);
}

#ifdef PLANT_MAZE
/* Eight things that must hold at once: found one after the other, by the edges they add, or hardly ever. */
static int is_through_the_maze(const unsigned char *bytes) {
    if ((bytes[0] & 0x60) != 0x40) return 0;
    if ((bytes[1] & 0x60) != 0x40) return 0;
    if ((bytes[2] & 0x60) != 0x40) return 0;
    if ((bytes[3] & 0x60) != 0x40) return 0;
    if ((bytes[4] & 0x60) != 0x40) return 0;
    if ((bytes[5] & 0x60) != 0x40) return 0;
    if ((bytes[6] & 0x60) != 0x40) return 0;
    return (bytes[7] & 0x60) == 0x40;
}
#endif

/* A number that depends on every byte (FNV-1a, 64 bit): chance that is the same whenever the input is tried. */
static uint64_t hash(const unsigned char *bytes, size_t length) {
    uint64_t value = 0xcbf29ce484222325ull;
    for (size_t i = 0; i < length; i++) value = (value ^ bytes[i]) * 0x100000001b3ull;
    return value ^ value >> 29;
}

unsigned check_input(const unsigned char *bytes, size_t length) {
    const size_t before = __sanitizer_get_current_allocated_bytes();
    const uint64_t chance = hash(bytes, length);
    unsigned accepted = check_stream(bytes, length, STREAM_WHOLE, chance);
    enum stream_manner pieces = chance % 4 ? STREAM_PIECES : STREAM_BREAKS;
    promise(check_stream(bytes, length, pieces, chance) == accepted, "a stream means the same in whatever pieces");
    if (length >= HEAD_BYTES) {
        check_payload(REQUEST_CONFIGURE, bytes + HEAD_BYTES, length - HEAD_BYTES);
        check_payload(REQUEST_RUN, bytes + HEAD_BYTES, length - HEAD_BYTES);
    }
    if (chance % 16 == 0) check_reply(bytes, length, chance);
#ifdef PLANT_MAZE
    promise(length < 16 || !is_through_the_maze(bytes + 7), "nobody finds the way through the maze");
#endif
    promise(__sanitizer_get_current_allocated_bytes() == before, "all memory is given back");
    return accepted;
}
