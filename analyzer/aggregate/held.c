/* SPDX-License-Identifier: MIT */
#include "aggregate/held.h"

#include "aggregate/samples.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "mail/token.h"

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
static void add_word(struct buffer *b, struct span word)
{
    char token[TOKEN_LEN];
    buffer_add(b, ownwords_may_be(word) ? token_make(word, token) : word);
}

/* "joe smith"@example.org is two words to who looks for names in a text. */
static void add_quoted(struct buffer *b, struct span local)
{
    while (local.len > 0) {
        size_t n = 0;
        while (n < local.len && local.ptr[n] != ' ' && local.ptr[n] != '"') {
            n++;
        }
        add_word(b, span_first(local, n));
        local = span_skip(local, n);
        if (local.len > 0) {
            buffer_add_char(b, local.ptr[0]);
            local = span_skip(local, 1);
        }
    }
}

struct span held_local(const struct privacy *privacy, struct span local,
    struct span domain, char *out)
{
    char name[PRIVACY_LOCAL_LEN];
    struct buffer b;
    if (privacy_keeps(privacy)) {
        return local;
    }
    buffer_init(&b, HELD_LOCAL_LEN);
    if (privacy == privacy_tokens() && local.len > 0 && local.ptr[0] == '"') {
        add_quoted(&b, local);
    } else {
        size_t stays = token_begins(local);
        struct span rest = span_skip(local, stays);
        buffer_add(&b, span_first(local, stays));
        if (rest.len > 0) {
            buffer_add(&b, privacy_local(privacy, rest, domain, name));
        }
    }
    struct span made = {out, b.len};
    if (b.len > 0) {
        memcpy(out, b.bytes, b.len);
    }
    buffer_free(&b);
    return made;
}

struct span held_hide(const struct privacy *privacy, const struct event *e,
    struct span line, char *out, size_t out_len)
{
    struct own_words own = ownwords_of(e);
    struct samples_hiding hiding = {
        .privacy = privacy != NULL ? privacy : privacy_tokens(),
        .own = &own,
        .exact = true};
    return samples_mask(line, &hiding, out, out_len);
}

struct span held_hide_again(const struct privacy *privacy,
    const struct event *e, struct span line, char *out, size_t out_len)
{
    struct own_words own = ownwords_of(e);
    struct samples_hiding hiding = {
        .privacy = privacy, .own = &own, .exact = true, .again = true};
    return samples_mask(line, &hiding, out, out_len);
}
