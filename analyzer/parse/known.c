/* SPDX-License-Identifier: MIT */
/*
 * A server talks to the same few hundred others all day.  Each text has one
 * place that its hash chooses, and takes it from the one that had it before.
 */
#include "parse/known.h"

#include "base/memory.h"

#include <stdlib.h>

enum { N_PLACES = 512 }; /* a power of two */

struct known {
    struct known_part places[N_PLACES];
};

struct known *known_create(void)
{
    return memory_zalloc(1, sizeof(struct known));
}

struct known_part *known_place(struct known *k, struct span text)
{
    if (text.len == 0 || text.len > KNOWN_TEXT_LEN) {
        return NULL;
    }
    return &k->places[span_hash(text) & (N_PLACES - 1)];
}

void known_set(
    struct known_part *place, const struct dispatch *parts, struct span text)
{
    place->parts = parts->identity;
    place->pattern = NULL;
    place->n_groups = 0;
    place->len = (uint8_t)text.len;
    memcpy(place->text, text.ptr, text.len);
}

bool known_add(struct known_part *place, enum field field, struct span text,
    struct span group)
{
    if (place->n_groups == KNOWN_GROUPS) {
        return false;
    }
    place->groups[place->n_groups++] =
        (struct known_group){.field = (uint8_t)field,
            .at = (uint8_t)(group.ptr - text.ptr),
            .len = (uint8_t)group.len};
    return true;
}

void known_drop(struct known_part *place)
{
    place->len = 0;
}

void known_reset(struct known *k)
{
    for (size_t i = 0; i < N_PLACES; i++) {
        known_drop(&k->places[i]);
    }
}

void known_free(struct known *k)
{
    free(k);
}
