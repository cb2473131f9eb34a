/* SPDX-License-Identifier: MIT */
/*
 * All text of a record lies in one block that never moves, so that spans into
 * it can be handed out while it is still being filled.  The block is as large
 * as the limit from the start: memory that is never written costs only
 * addresses.
 */
#include "parse/record.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

void record_init(struct record *r)
{
    *r = (struct record){
        .pairs = memory_alloc(LIMIT_RECORD_PAIRS * sizeof(*r->pairs)),
        .text = memory_alloc(LIMIT_RECORD_LEN),
    };
}

void record_reset(struct record *r)
{
    r->n_pairs = 0;
    r->text_len = 0;
    r->overflowed = false;
}

/* The caller has seen to it that there is room. */
static struct span keep(struct record *r, struct span s)
{
    char *p = r->text + r->text_len;
    if (s.len > 0) {
        memcpy(p, s.ptr, s.len);
        r->text_len += s.len;
    }
    return (struct span){p, s.len};
}

bool record_add(struct record *r, struct span name, struct span value)
{
    size_t room = LIMIT_RECORD_LEN - r->text_len;
    if (r->n_pairs == LIMIT_RECORD_PAIRS || name.len > LIMIT_RECORD_NAME ||
        name.len > room || value.len > room - name.len) {
        r->overflowed = true;
        return false;
    }
    struct record_pair *pair = &r->pairs[r->n_pairs++];
    pair->name = keep(r, name);
    pair->value = keep(r, value);
    return true;
}

struct span record_find(const struct record *r, struct span name)
{
    size_t index = 0;
    return record_each(r, name, &index);
}

struct span record_each(const struct record *r, struct span name, size_t *index)
{
    while (*index < r->n_pairs) {
        const struct record_pair *pair = &r->pairs[(*index)++];
        if (span_equal(pair->name, name)) {
            return pair->value;
        }
    }
    return SPAN_NONE;
}

void record_free(struct record *r)
{
    if (r == NULL) {
        return;
    }
    free(r->pairs);
    free(r->text);
    *r = (struct record){.pairs = NULL};
}
