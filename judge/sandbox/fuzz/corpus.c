#include "corpus.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 2048, WORK_EACH = 64 };

static struct {
    unsigned char *bytes;
    size_t length;
    uint64_t work; /* spent on what was made of it: about in bytes */
} kept[ROOM];
static unsigned kept_count;

void corpus_keep(const struct input *input, struct random *random) {
    size_t place = kept_count < ROOM ? kept_count++ : random_below(random, ROOM);
    free(kept[place].bytes);
    kept[place].bytes = malloc(input->length + 1);
    if (!kept[place].bytes) abort();
    memcpy(kept[place].bytes, input->bytes, input->length);
    kept[place].length = input->length;
    kept[place].work = 0;
}

static void copy(struct input *input, size_t place) {
    memcpy(input->bytes, kept[place].bytes, kept[place].length);
    input->length = kept[place].length;
}

void corpus_next(struct input *input, struct random *random) {
    size_t place = random_below(random, kept_count);
    for (size_t i = 0, all = random_below(random, 2); all && i < kept_count; i++)
        if (kept[i].work < kept[place].work) place = i;
    kept[place].work += WORK_EACH + kept[place].length;
    copy(input, place);
}

void corpus_any(struct input *input, struct random *random) { copy(input, random_below(random, kept_count)); }

unsigned corpus_size(void) { return kept_count; }
