/* SPDX-License-Identifier: MIT */
/*
 * From the first hour on, the largest block is taken that begins there and
 * ends within the period, so that the levels go up and then down again.
 */
#include "report/cover.h"

#include "store/rollup.h"

#include <assert.h>

/* What is being covered. */
struct walk {
    struct cover *cover;
    int64_t covered; /* no block may begin before this hour */
    int64_t at;      /* the next hour to cover */
    int64_t until;   /* no block may end after this hour */
};

/* Lengthen the last stretch, or begin another. */
static void add(struct walk *w, int level, int64_t from, int64_t until)
{
    struct cover *c = w->cover;
    struct cover_stretch *last = c->n > 0 ? &c->stretches[c->n - 1] : NULL;
    if (last != NULL && last->level == level && last->until == from) {
        last->until = until;
        return;
    }
    assert(c->n < COVER_MOST);
    c->stretches[c->n++] = (struct cover_stretch){level, from, until};
}

/* True if a block of ${level} was taken. */
static bool take(struct walk *w, int level)
{
    int64_t hours = timeblock_hours(level);
    int64_t number = timeblock_of(w->at, level);
    if (number * hours < w->covered || (number + 1) * hours > w->until) {
        return false;
    }
    add(w, level, number, number + 1);
    w->at = (number + 1) * hours;
    w->covered = w->at;
    return true;
}

void cover_find(struct cover *c, struct cover_hours wanted,
    struct cover_hours there, int lowest, int highest)
{
    bool from_begin = wanted.since <= there.since;
    bool to_end = wanted.until >= there.until;
    int64_t end = to_end ? there.until : wanted.until;
    struct walk w = {.cover = c,
        .covered = from_begin ? INT64_MIN : wanted.since,
        .at = from_begin ? there.since : wanted.since,
        .until = to_end ? INT64_MAX : wanted.until};
    c->n = 0;
    while (w.at < end) {
        int level = highest;
        while (level >= lowest && !take(&w, level)) {
            level--;
        }
        if (level < lowest) {
            int64_t next =
                (timeblock_of(w.at, lowest) + 1) * timeblock_hours(lowest);
            next = next < end ? next : end;
            add(&w, COVER_FACTS, w.at, next);
            w.at = next;
            w.covered = next;
        }
    }
}
