/* SPDX-License-Identifier: MIT */
/*
 * One short array of samples for each reply, kept sorted by hash; lines lie
 * in an arena.  A line that is pushed out stays in the arena until the reset:
 * of n lines only about k * ln(n) are ever let in.
 */
#include "aggregate/samples.h"

#include "base/memory.h"

#include <stdlib.h>

struct choice {
    size_t n;
    struct sample best[LIMIT_SAMPLES_PER_REPLY];
};

struct samples {
    struct arena *arena;
    struct choice *choices; /* by number of the reply */
    size_t n_choices;
    bool keep_addresses;
};

struct samples *samples_create(bool keep_addresses)
{
    struct samples *s = memory_zalloc(1, sizeof(*s));
    s->arena = arena_create();
    s->keep_addresses = keep_addresses;
    return s;
}

static struct choice *choice_of(struct samples *s, uint32_t reply)
{
    if (reply >= s->n_choices) {
        size_t n = s->n_choices != 0 ? s->n_choices : 16;
        while (n <= reply) {
            n *= 2;
        }
        s->choices = memory_grow(s->choices, n, sizeof(*s->choices));
        memset(s->choices + s->n_choices, 0,
            (n - s->n_choices) * sizeof(*s->choices));
        s->n_choices = n;
    }
    return &s->choices[reply];
}

void samples_add(struct samples *s, uint32_t reply, struct sample sample)
{
    struct choice *c = choice_of(s, reply);
    size_t at = 0;
    while (at < c->n && c->best[at].hash < sample.hash) {
        at++;
    }
    bool known = at < c->n && c->best[at].hash == sample.hash;
    if (at == LIMIT_SAMPLES_PER_REPLY || known) {
        return;
    }
    char text[LIMIT_REPLY_LEN];
    sample.line = arena_copy(s->arena,
        samples_mask(sample.line, s->keep_addresses, text, sizeof(text)));
    if (c->n < LIMIT_SAMPLES_PER_REPLY) {
        c->n++;
    }
    memmove(
        &c->best[at + 1], &c->best[at], (c->n - 1 - at) * sizeof(c->best[0]));
    c->best[at] = sample;
}

const struct sample *samples_get(
    const struct samples *s, uint32_t reply, size_t *n)
{
    if (reply >= s->n_choices) {
        *n = 0;
        return NULL;
    }
    *n = s->choices[reply].n;
    return s->choices[reply].best;
}

size_t samples_bytes(const struct samples *s)
{
    return arena_used(s->arena) + s->n_choices * sizeof(*s->choices);
}

void samples_reset(struct samples *s)
{
    arena_reset(s->arena);
    free(s->choices);
    s->choices = NULL;
    s->n_choices = 0;
}

void samples_free(struct samples *s)
{
    if (s == NULL) {
        return;
    }
    arena_free(s->arena);
    free(s->choices);
    free(s);
}

/*
 * What a local part may hold (RFC 5321, 4.1.2: atext and dots), and bytes of
 * UTF-8 (RFC 6531).  "=" is atext, but in logs it is what comes before an
 * address far more often ("to=user@host", VERP aside), and masking less than
 * all would be worse: so it is taken as part of it, and a key in front is
 * put back by mask_start().
 */
static bool is_local(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c >= 0x80 ||
           (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_host(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c >= 0x80 || c == '[' || c == '-';
}

/* Where the quoted local part that ends before ${at} begins, or ${at}. */
static size_t quoted_start(const char *text, size_t at)
{
    for (size_t i = at - 1; i > 0; i--) {
        if (text[i - 1] == '"' && (i < 2 || text[i - 2] != '\\')) {
            return i - 1;
        }
    }
    return at;
}

/* Where the local part that ends before ${at} in ${text} begins. */
static size_t mask_start(const char *text, size_t at)
{
    if (at > 1 && text[at - 1] == '"') {
        return quoted_start(text, at);
    }
    size_t start = at;
    while (start > 0 && is_local((unsigned char)text[start - 1])) {
        start--;
    }
    static const char *const keys[] = {"to=", "from=", "F=", "T=", "A="};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        size_t len = strlen(keys[i]);
        if (at - start > len && memcmp(text + start, keys[i], len) == 0) {
            return start + len;
        }
    }
    return start;
}

struct span samples_mask(
    struct span line, bool keep_addresses, char *out, size_t out_len)
{
    static const struct span mask = SPAN_INIT("***");
    size_t used = 0;
    size_t i = 0;
    for (; i < line.len && used < out_len; i++) {
        char c = line.ptr[i];
        bool address = !keep_addresses && c == '@' && i + 1 < line.len &&
                       is_host((unsigned char)line.ptr[i + 1]);
        if (address) {
            size_t start = mask_start(out, used);
            size_t n = mask.len < out_len - start ? mask.len : out_len - start;
            if (start < used) {
                memcpy(out + start, mask.ptr, n);
                used = start + n;
            }
        }
        if (used < out_len) {
            out[used++] = c;
        }
    }
    /* an address that was cut before its "@" must not show either */
    while (i < line.len && !keep_addresses && used > 0 &&
           is_local((unsigned char)out[used - 1])) {
        used--;
    }
    return (struct span){out, used};
}
