/* SPDX-License-Identifier: MIT */
/*
 * One short array of samples for each reply, kept sorted by hash; lines lie
 * in an arena.  A line that is pushed out stays in the arena until the reset:
 * of n lines only about k * ln(n) are ever let in.
 */
#include "aggregate/samples.h"

#include "aggregate/redact.h"
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
    const struct privacy *privacy;
};

struct samples *samples_create(const struct privacy *privacy)
{
    struct samples *s = memory_zalloc(1, sizeof(*s));
    s->arena = arena_create();
    s->privacy = privacy;
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

void samples_add(struct samples *s, uint32_t reply, struct sample sample,
    const struct event *e)
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
    struct own_words own = {.n = 0};
    if (e != NULL) {
        own = ownwords_of(e);
    }
    struct redaction hiding = {.privacy = s->privacy, .own = &own};
    sample.line = arena_copy(
        s->arena, redact_line(sample.line, &hiding, text, sizeof(text)));
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
