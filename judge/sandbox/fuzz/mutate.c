#include "mutate.h"

#include <string.h>

#include "../protocol.h"

enum { HEAD_BYTES = 6 };

typedef void mutation(struct input *input, struct random *random);

static void put_number(unsigned char *bytes, uint64_t value, size_t width) {
    for (size_t i = 0; i < width; i++) bytes[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t number_at(const unsigned char *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Makes room for `length` bytes at `at`, as far as there is any. Returns how many there are. */
static size_t open_gap(struct input *input, size_t at, size_t length) {
    if (length > MAX_INPUT - input->length) length = MAX_INPUT - input->length;
    memmove(input->bytes + at + length, input->bytes + at, input->length - at);
    input->length += length;
    return length;
}

static void cut(struct input *input, size_t at, size_t length) {
    memmove(input->bytes + at, input->bytes + at + length, input->length - at - length);
    input->length -= length;
}

/* --- anywhere --- */

static void flip_bit(struct input *input, struct random *random) {
    if (input->length) input->bytes[random_below(random, input->length)] ^= (unsigned char)(1 << random_below(random, 8));
}

static void set_byte(struct input *input, struct random *random) {
    if (input->length) input->bytes[random_below(random, input->length)] = (unsigned char)random_u64(random);
}

static void truncate_input(struct input *input, struct random *random) {
    if (input->length) input->length = random_below(random, input->length);
}

static void insert_bytes(struct input *input, struct random *random) {
    size_t at = random_below(random, input->length + 1);
    size_t length = open_gap(input, at, 1 + random_below(random, 16));
    for (size_t i = 0; i < length; i++) input->bytes[at + i] = (unsigned char)random_u64(random);
}

static void delete_block(struct input *input, struct random *random) {
    if (!input->length) return;
    size_t at = random_below(random, input->length);
    cut(input, at, random_below(random, input->length - at + 1));
}

static void duplicate_block(struct input *input, struct random *random) {
    if (!input->length) return;
    static unsigned char block[MAX_INPUT];
    size_t from = random_below(random, input->length);
    size_t length = 1 + random_below(random, input->length - from);
    memcpy(block, input->bytes + from, length);
    size_t at = random_below(random, input->length + 1);
    length = open_gap(input, at, length);
    memcpy(input->bytes + at, block, length);
}

static void move_block(struct input *input, struct random *random) {
    if (!input->length) return;
    size_t from = random_below(random, input->length), to = random_below(random, input->length);
    size_t most = input->length - (from > to ? from : to);
    memmove(input->bytes + to, input->bytes + from, 1 + random_below(random, most));
}

/* The beginning of this input and the end of another. */
static void splice(struct input *input, struct random *random) {
    static struct input other;
    corpus_any(&other, random);
    size_t at = random_below(random, input->length + 1), from = random_below(random, other.length + 1);
    size_t length = other.length - from;
    if (length > MAX_INPUT - at) length = MAX_INPUT - at;
    memcpy(input->bytes + at, other.bytes + from, length);
    input->length = at + length;
}

/* A stream of two requests. */
static void append_other(struct input *input, struct random *random) {
    static struct input other;
    corpus_any(&other, random);
    size_t at = input->length, length = open_gap(input, at, other.length);
    memcpy(input->bytes + at, other.bytes, length);
}

/* --- numbers --- */

/* What a decoder may get wrong: ends of ranges, and the bounds in protocol.h and request.c with their neighbours. */
static uint64_t interesting_number(const struct input *input, struct random *random) {
    static const uint64_t numbers[] = {
        0,          1,          2,          3,          0x7f,       0x80,           0xff,       0x7fff,
        0xffff,     0x10000,    0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,    1ull << 63, ~0ull,
        512,        64,         1 << 20,    1ull << 30, 1ull << 36, 1024ull << 30,  1000000,    4096,
    };
    uint64_t number = numbers[random_below(random, sizeof numbers / sizeof numbers[0])];
    if (!random_below(random, 4)) number = input->length;
    return number + random_below(random, 3) - 1;
}

static void set_number(struct input *input, struct random *random) {
    size_t width = (size_t)1 << random_below(random, 4);
    if (input->length < width) return;
    size_t at = random_below(random, input->length - width + 1);
    put_number(input->bytes + at, interesting_number(input, random), width);
}

static void add_to_number(struct input *input, struct random *random) {
    if (input->length < 4) return;
    unsigned char *at = input->bytes + random_below(random, input->length - 3);
    put_number(at, number_at(at) + random_below(random, 17) - 8, 4);
}

/* --- lengths and texts --- */

/* A place where a text or a list's count may be: its number fits what follows. Returns 0 when chance shows none. */
static size_t find_length(const struct input *input, struct random *random) {
    for (int tries = 0; tries < 64 && input->length > HEAD_BYTES + 4; tries++) {
        size_t at = HEAD_BYTES + random_below(random, input->length - HEAD_BYTES - 4);
        if (number_at(input->bytes + at) <= input->length - at - 4 && !input->bytes[at + 3]) return at;
    }
    return 0;
}

static void lie_about_length(struct input *input, struct random *random) {
    size_t at = find_length(input, random);
    if (at) put_number(input->bytes + at, interesting_number(input, random), 4);
}

/* Puts another text in place of one, announced rightly: paths are judged only once the lengths are right. */
static void change_text(struct input *input, struct random *random) {
    static const char *const texts[] = {"",   ".",   "..",   "/",     "//",    "a/..",       "../a", "/box", "/data",
                                        "/pch", "/a/", "/a/./b", "a//b", "/..", "/boxes", "a",    "...",  "/.hidden"};
    size_t at = find_length(input, random);
    if (!at) return;
    const char *text = texts[random_below(random, sizeof texts / sizeof texts[0])];
    cut(input, at + 4, number_at(input->bytes + at));
    size_t length = open_gap(input, at + 4, strlen(text));
    memcpy(input->bytes + at + 4, text, length);
    put_number(input->bytes + at, length, 4);
}

/* Repeats a text or a number of a list, and counts it. */
static void repeat_item(struct input *input, struct random *random) {
    size_t count = find_length(input, random), at = find_length(input, random);
    if (!count || at < count + 4) return;
    size_t length = 4 + number_at(input->bytes + at);
    size_t room = MAX_INPUT - input->length;
    if (length > room) return;
    put_number(input->bytes + count, number_at(input->bytes + count) + 1u, 4);
    open_gap(input, at, length);
    memcpy(input->bytes + at, input->bytes + at + length, length);
}

/* One frame with the version and the length that are understood. */
static void mend_head(struct input *input, struct random *random) {
    if (input->length < HEAD_BYTES) return;
    put_number(input->bytes, input->length - 4, 4);
    input->bytes[4] = PROTOCOL_VERSION;
    if (!random_below(random, 4)) input->bytes[5] = (unsigned char)(1 + random_below(random, 2));
}

void mutate(struct input *input, struct random *random) {
    static mutation *const all[] = {
        flip_bit,     set_byte,   truncate_input, insert_bytes,  delete_block,     duplicate_block, move_block, splice,
        append_other, set_number, set_number,     add_to_number, lie_about_length, change_text,     change_text,
        repeat_item,  set_byte,   flip_bit,
    };
    /* Mostly one change: a request that is nearly valid gets further than one that is spoilt in many places. */
    for (size_t left = 1 + random_below(random, 1 + random_below(random, 5)); left > 0; left--)
        all[random_below(random, sizeof all / sizeof all[0])](input, random);
    if (random_below(random, 4)) mend_head(input, random);
}
