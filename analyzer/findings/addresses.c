/* SPDX-License-Identifier: MIT */
/*
 * An address that is on one list is soon on others, mostly for one reason, and
 * what there is to do about the reason is done once.  So above the listings of
 * an address stands one finding that sums them up; grouping.c makes it their
 * root.  Each listing stays as it is, with its own id, receivers and page.
 */
#include "findings/addresses.h"

#include "findings/grade.h"
#include "findings/sentence.h"

#include <stdlib.h>

enum { NAMED = 3 };

/* Of the listings of one address those that go on, or all if none does. */
struct several {
    const char *address;
    size_t *items; /* most attempts first */
    size_t n;
    size_t past; /* listings that are over beside those that go on */
};

/* What the site does not want to hear counts in no sum.  A copy: the finding
 * is judged again when all is known of it. */
static bool is_muted(struct search *s, struct finding f)
{
    f.id = finding_id(&f);
    grade_mute(s, &f);
    return f.muted[0] != '\0';
}

static void insert(const struct search *s, struct several *l, size_t item)
{
    size_t at = l->n++;
    while (at > 0 &&
           s->items[l->items[at - 1]].observed < s->items[item].observed) {
        l->items[at] = l->items[at - 1];
        at--;
    }
    l->items[at] = item;
}

/* Listings [${first}, ${end}) of ${l->address}. */
static void collect(
    struct search *s, struct several *l, size_t first, size_t end)
{
    size_t open = 0;
    l->n = l->past = 0;
    for (size_t i = first; i < end; i++) {
        const struct finding *f = &s->items[i];
        if (strcmp(f->address, l->address) == 0 && !is_muted(s, *f)) {
            open += f->until == 0;
            insert(s, l, i);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; open > 0 && i < l->n; i++) {
        if (s->items[l->items[i]].until == 0) {
            l->items[kept++] = l->items[i];
        }
    }
    l->past = open > 0 ? l->n - open : 0;
    l->n = open > 0 ? open : l->n;
}

/* "192.0.2.1 is on 5 block lists: a, b, c and 2 more (9 attempts refused)" */
static const char *sum_up(
    struct search *s, const struct several *l, const struct finding *f)
{
    const char *verb = f->until == 0 ? "is" : "was";
    const char *text =
        l->n == 1 ? search_text(s, "%s %s listed on", l->address, verb)
                  : search_text(
                        s, "%s %s on %zu block lists:", l->address, verb, l->n);
    size_t named = l->n <= NAMED + 1 ? l->n : NAMED;
    for (size_t i = 0; i < named; i++) {
        text = search_text(s, "%s%s %s", text,
            i == 0          ? ""
            : i + 1 == l->n ? " and"
                            : ",",
            s->items[l->items[i]].dnsbl);
    }
    if (named < l->n) {
        text = search_text(s, "%s and %zu more", text, l->n - named);
    }
    text = search_text(s, "%s (%s attempt%s refused)", text,
        sentence_count(s, f->observed), f->observed > 1 ? "s" : "");
    return l->past == 0 ? text
                        : search_text(s, "%s, and was on %zu other%s", text,
                              l->past, l->past == 1 ? "" : "s");
}

static void add_several(struct search *s, const struct several *l)
{
    struct finding *f = search_add(s);
    s->places[s->n - 1].zone = s->places[l->items[0]].zone;
    const struct finding *most = &s->items[l->items[0]];
    f->kind = FINDING_LISTING;
    f->scope = SCOPE_ADDRESS;
    f->name = f->address = l->address;
    f->direction = most->direction;
    f->cause = most->cause;
    f->detail = most->detail;
    f->since = most->since;
    f->until = most->until;
    for (size_t i = 0; i < l->n; i++) {
        const struct finding *one = &s->items[l->items[i]];
        f->since = one->since < f->since ? one->since : f->since;
        f->until = one->until > f->until ? one->until : f->until;
        f->last_seen =
            one->last_seen > f->last_seen ? one->last_seen : f->last_seen;
        f->tried = one->tried > f->tried ? one->tried : f->tried;
        f->observed += one->observed;
    }
    f->excess = f->observed;
    grade_listing(s, f);
    f->headline = sum_up(s, l, f);
}

bool addresses_is_sum(const struct finding *f)
{
    return f->scope == SCOPE_ADDRESS && f->dnsbl[0] == '\0' &&
           (f->kind == FINDING_LISTING || f->was == FINDING_LISTING);
}

void addresses_sum_up(struct search *s, size_t first)
{
    size_t end = s->n;
    struct several l = {.items = memory_alloc((end + 1) * sizeof *l.items)};
    for (size_t i = first; i < end; i++) {
        bool is_first = s->items[i].address[0] != '\0';
        l.address = s->items[i].address;
        for (size_t j = first; is_first && j < i; j++) {
            is_first = strcmp(s->items[j].address, l.address) != 0;
        }
        if (is_first) {
            collect(s, &l, first, end);
        }
        if (is_first && l.n + l.past > 1) {
            add_several(s, &l);
        }
    }
    free(l.items);
}
