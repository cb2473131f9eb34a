/* SPDX-License-Identifier: MIT */
/*
 * Which domain a command should name depends on the cause: a missing SPF
 * record is looked for at the sender's domain, a dead server at the
 * recipient's.  Where a finding is about neither, the domain with most of the
 * failures stands for the others.
 */
#include "findings/counsel.h"

#include "findings/remedy.h"

/* Causes that lie in the sender's domain. */
static bool is_about_sender(const struct finding *f)
{
    static const char *const details[] = {
        "spf", "dkim", "dmarc", "sender_auth", "sender_domain"};
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        if (strcmp(f->detail, details[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A domain that the provider takes mail for, of the finding's first hour. */
static const char *domain_of_provider(const struct evidence *e, size_t i)
{
    struct search *s = e->search;
    sqlite3_stmt *row = query_prepare(s->db,
        "SELECT d.name FROM failure AS f JOIN domain AS d"
        " ON d.id = f.recipient_domain"
        " WHERE f.source IN (SELECT source FROM hour_digest"
        " WHERE hour = :hour) AND f.hour = :hour AND f.provider = :provider"
        " ORDER BY f.attempts DESC, d.name LIMIT 1");
    const char *name = "";
    bool failed = false;
    if (row != NULL) {
        query_bind(row, ":hour", s->items[i].since / 3600 * 3600);
        query_bind(row, ":provider", s->places[i].item);
        if (query_step(row, &failed)) {
            name = search_keep(s, query_text(row, 0));
        }
        sqlite3_finalize(row);
    }
    return name;
}

static const char *domain_of(const struct evidence *e, size_t i)
{
    const struct finding *f = &e->search->items[i];
    struct evidence_share first;
    if (f->scope == SCOPE_RECIPIENT_DOMAIN || f->scope == SCOPE_SENDER_DOMAIN) {
        return f->name;
    }
    if (f->scope == SCOPE_PROVIDER) {
        return domain_of_provider(e, i);
    }
    enum series_dimension dimension =
        is_about_sender(f) ? SERIES_SENDER : SERIES_RECIPIENT;
    if (e->search->places[i].known &&
        e->search->places[i].dimension == SERIES_EVERYTHING &&
        evidence_where(e, i, dimension, &first, 1) > 0) {
        return kinds_name(e->search, dimension, first.item);
    }
    return "";
}

/* The page of the list goes to the step that is about lists. */
static void add_page(struct search *s, struct finding *f)
{
    const char *page =
        lexicon_ask(s->lexicon, s->lexicon->delist_url, f->dnsbl, "");
    if (f->dnsbl[0] == '\0' || page[0] == '\0' || f->n_advice == 0) {
        return;
    }
    struct finding_step *steps =
        arena_alloc(s->arena, f->n_advice * sizeof *steps);
    memcpy(steps, f->advice, f->n_advice * sizeof *steps);
    steps[0].url = search_keep(s, page);
    f->advice = steps;
}

void counsel_add(const struct evidence *e, size_t i)
{
    struct search *s = e->search;
    const struct lexicon *lexicon = s->lexicon;
    struct finding *f = &s->items[i];
    struct remedy_names names = {.domain = domain_of(e, i),
        .host = f->scope == SCOPE_HOST ? f->name : "",
        .address = f->address,
        .dnsbl = f->dnsbl};
    const char *steps =
        f->kind == FINDING_CORRELATED
            ? lexicon_ask(lexicon, lexicon->together_advice, f->direction,
                  search_text(s, "%s.%s", f->cause, f->detail))
            : lexicon_ask(lexicon, lexicon->advice, f->cause, f->detail);
    remedy_add(s, f, steps, &names);
    add_page(s, f);
}
