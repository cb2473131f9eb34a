/* SPDX-License-Identifier: MIT */
/*
 * One domain whose name servers are silent is that domain's trouble; if the
 * look-ups of ten unrelated ones fail within an hour it is our resolver's.
 * What failing together means for which cause is data.  Destinations are
 * unrelated if none, and no provider, has more than its share of the failures.
 */
#include "findings/correlated.h"

#include "findings/sentence.h"

#include <stdlib.h>

/* No domain may have more than half of the failures, no provider with a name
 * more than 60 %: beyond that it is they who fail. */
#define GREATEST_DOMAIN 0.5
#define GREATEST_PROVIDER 0.6

/* Our own words may stand beside those of some others. */
#define LEAST_OWN_WORDS 0.8

enum { FIELDS = 5, NAMED = 4 };

/* name, title, meaning, destinations, own words: as the lexicon answers. */
struct meaning {
    const char *field[FIELDS];
};

static bool split(struct search *s, const char *answer, struct meaning *m)
{
    const char *at = answer;
    for (int i = 0; i < FIELDS; i++) {
        size_t len = strcspn(at, "\t");
        m->field[i] = arena_copy(s->arena, (struct span){at, len}).ptr;
        if (at[len] == '\0') {
            return i == FIELDS - 1;
        }
        at += len + 1;
    }
    return false;
}

static double greatest(const struct evidence *e, size_t i,
    enum series_dimension dimension, size_t *n, bool named)
{
    struct evidence_share best[NAMED];
    *n = evidence_where(e, i, dimension, best, NAMED);
    double observed = e->search->items[i].observed;
    for (size_t j = 0; j < *n && j < NAMED && observed > 0; j++) {
        const char *name = kinds_name(e->search, dimension, best[j].item);
        if (!named || name[0] != '\0') {
            return (double)best[j].attempts / observed;
        }
    }
    return 0;
}

static double own_words(const struct evidence *e, size_t i)
{
    const struct finding *f = &e->search->items[i];
    int64_t own = 0;
    int64_t all = 0;
    size_t n = 0;
    const struct series *series =
        series_of(&e->set->lists[SERIES_EVERYTHING], 0, &n);
    size_t from = (size_t)((f->since - e->set->since) / 3600);
    for (size_t j = 0; j < n; j++) {
        const struct kinds_reply *reply = kinds_reply(e->kinds, &series[j]);
        if (reply != NULL && reply->kind == e->search->places[i].kind) {
            int64_t sum = series_sum(&series[j], from, e->set->hours);
            all += sum;
            own += reply->own_words ? sum : 0;
        }
    }
    return all > 0 ? (double)own / (double)all : 0;
}

static bool is_spread(
    const struct evidence *e, size_t i, const struct meaning *m, size_t *n)
{
    size_t least = (size_t)strtoul(m->field[3], NULL, 10);
    size_t providers = 0;
    double domain = greatest(e, i, SERIES_RECIPIENT, n, false);
    if (m->field[4][0] == '1' && own_words(e, i) < LEAST_OWN_WORDS) {
        return false;
    }
    return least == 0 || (*n >= least && domain <= GREATEST_DOMAIN &&
                             greatest(e, i, SERIES_PROVIDER, &providers,
                                 true) <= GREATEST_PROVIDER);
}

static const char *list_places(
    const struct evidence *e, size_t i, size_t n_domains)
{
    struct search *s = e->search;
    struct evidence_share best[NAMED];
    size_t n = evidence_where(e, i, SERIES_RECIPIENT, best, NAMED);
    const char *text = search_text(s, "%zu domains are hit", n_domains);
    for (size_t j = 0; j < n && j < NAMED; j++) {
        text = search_text(s, "%s%s %s (%s)", text, j == 0 ? ":" : ",",
            kinds_name(s, SERIES_RECIPIENT, best[j].item),
            sentence_count(s, (double)best[j].attempts));
    }
    return text;
}

/* Whether it is one server of ours that fails, and what it does. */
static void note_hosts(const struct evidence *e, size_t i)
{
    struct search *s = e->search;
    struct evidence_share best[NAMED];
    size_t n = evidence_where(e, i, SERIES_HOST, best, NAMED);
    const char *text = "";
    for (size_t j = 0; j < n && j < NAMED; j++) {
        text = search_text(s, "%s%s %s (%s)", text, j == 0 ? "At" : ",",
            sentence_host(s, kinds_name(s, SERIES_HOST, best[j].item)),
            sentence_count(s, (double)best[j].attempts));
    }
    if (n > 0) {
        search_note(s, &s->items[i], text);
    }
}

static void tell(
    const struct evidence *e, size_t i, const struct meaning *m, size_t n)
{
    struct search *s = e->search;
    struct finding *f = search_add(s);
    *f = s->items[i];
    s->places[s->n - 1] = s->places[i];
    f->kind = FINDING_CORRELATED;
    f->notes = NULL;
    f->n_notes = 0;
    f->headline = search_text(s, "%s: %s, %s attempts to %zu domains",
        m->field[1], sentence_cause(s, f->cause, f->detail),
        sentence_count(s, f->observed), n);
    search_note(s, f, m->field[2]);
    search_note(s, f, list_places(e, i, n));
    note_hosts(e, s->n - 1);
}

void correlated_find(const struct evidence *e)
{
    struct search *s = e->search;
    size_t n = s->n;
    for (size_t i = 0; i < n; i++) {
        const struct finding *f = &s->items[i];
        if (f->kind != FINDING_SHIFT || f->scope != SCOPE_EVERYTHING) {
            continue;
        }
        struct meaning m;
        size_t domains = 0;
        const char *answer = lexicon_ask(s->lexicon, s->lexicon->together,
            f->direction, search_text(s, "%s.%s", f->cause, f->detail));
        if (answer[0] != '\0' && split(s, answer, &m) &&
            is_spread(e, i, &m, &domains)) {
            tell(e, i, &m, domains);
        }
    }
}
