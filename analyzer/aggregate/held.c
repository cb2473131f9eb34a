/* SPDX-License-Identifier: MIT */
#include "aggregate/held.h"

#include "aggregate/redact.h"
#include "base/memory.h"

#include <stdlib.h>

struct held {
    struct arena *texts;
    struct held_line *lines;
    size_t n;
    size_t cap;
};

struct held *held_create(void)
{
    struct held *h = memory_zalloc(1, sizeof(*h));
    h->texts = arena_create();
    return h;
}

void held_add(struct held *h, const struct event *e, uint64_t key, int64_t seq)
{
    if (h->n == h->cap) {
        h->cap = h->cap != 0 ? 2 * h->cap : 64;
        h->lines = memory_grow(h->lines, h->cap, sizeof(*h->lines));
    }
    h->lines[h->n++] = (struct held_line){.seq = seq,
        .time = e->time,
        .repeat = e->repeat,
        .key = key,
        .hash = e->line_hash,
        .host = arena_copy(h->texts, e->host),
        .mta = arena_copy(h->texts, e->mta),
        .program = arena_copy(h->texts, e->program),
        .line = arena_copy(h->texts, e->line)};
}

const struct held_line *held_lines(const struct held *h, size_t *n)
{
    *n = h->n;
    return h->lines;
}

size_t held_bytes(const struct held *h)
{
    return arena_used(h->texts) + h->n * sizeof(*h->lines);
}

void held_reset(struct held *h)
{
    arena_reset(h->texts);
    h->n = 0;
}

void held_free(struct held *h)
{
    if (h == NULL) {
        return;
    }
    arena_free(h->texts);
    free(h->lines);
    free(h);
}

/* A part of a local part that texts take for a word. */
struct span held_hide(const struct privacy *privacy, const struct event *e,
    struct span line, char *out, size_t out_len)
{
    struct own_words own = ownwords_of(e);
    struct redaction hiding = {
        .privacy = privacy != NULL ? privacy : privacy_tokens(),
        .own = &own,
        .exact = true};
    return redact_line(line, &hiding, out, out_len);
}

struct span held_hide_again(const struct privacy *privacy,
    const struct event *e, struct span line, char *out, size_t out_len)
{
    struct own_words own = ownwords_of(e);
    struct redaction hiding = {
        .privacy = privacy, .own = &own, .exact = true, .again = true};
    return redact_line(line, &hiding, out, out_len);
}
