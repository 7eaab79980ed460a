/*
 * The wire between the Node service and a supervisor: frames over the supervisor's stdin and stdout.
 *
 *     frame    := length:u32 version:u8 kind:u8 payload      length counts version, kind and payload
 *     integers are little-endian; text := length:u32 bytes (no NUL inside); list := count:u32 items
 *
 * The service speaks first and waits for each answer; a supervisor never speaks unasked.
 */
#ifndef SANDBOX_PROTOCOL_H
#define SANDBOX_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#include "failure.h"

enum { PROTOCOL_VERSION = 3 };

/* No request comes near this; a longer one is a broken peer, refused before any memory is asked for. */
enum { MAX_REQUEST_BYTES = 1 << 20 };

enum request_kind { REQUEST_CONFIGURE = 1, REQUEST_RUN = 2 };
enum reply_kind { REPLY_READY = 1, REPLY_RESULT = 2, REPLY_FAILED = 3 };

/* A cursor over a received payload. Once a read would pass the end, `bad` stays set and all reads give zero. */
struct reader {
    const unsigned char *at;
    const unsigned char *end;
    int bad;
};

uint8_t read_u8(struct reader *reader);
uint32_t read_u32(struct reader *reader);
uint64_t read_u64(struct reader *reader);

/* A NUL-terminated copy of the next text, to be freed by the caller; NULL (and `bad`) when malformed. */
char *read_text(struct reader *reader);

/* A NULL-terminated array of at most `most` texts, to be freed by `free_list`; NULL (and `bad`) when malformed. */
char **read_list(struct reader *reader, uint32_t most);
void free_list(char **list);

/* A reply under construction; running out of memory ends the process, as nothing sensible could follow. */
struct writer {
    unsigned char *bytes;
    size_t length;
    size_t room;
};

void write_u8(struct writer *writer, uint8_t value);
void write_u32(struct writer *writer, uint32_t value);
void write_u64(struct writer *writer, uint64_t value);
void write_bytes(struct writer *writer, const void *bytes, size_t length);
void write_text(struct writer *writer, const char *text);

/*
 * Waits for one whole frame on `fd`. Returns 1 and a malloc'ed payload (to be freed) with its kind, 0 at a clean
 * end of input, -1 when the input is not a frame of this protocol.
 */
int receive_frame(int fd, uint8_t *kind, unsigned char **payload, size_t *length, struct failure *failure);

/* Sends one frame whole. Returns -1 when the service has gone. */
int send_frame(int fd, uint8_t kind, const struct writer *payload, struct failure *failure);

#endif
