/* SPDX-License-Identifier: MIT */
/*
 * Which domain a command should name depends on the cause: a missing SPF
 * record is looked for at the sender's domain, a dead server at the
 * recipient's; a server to talk to is always the recipient's.  Where a finding
 * names no such domain, the one with most of the failures stands for them.
 */
#include "findings/counsel.h"

#include "findings/addresses.h"
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

/* The column of the table "failure" that the finding's place is in; NULL: it
 * is in none of them. */
static const char *column_of(const struct finding *f)
{
    return f->scope == SCOPE_PROVIDER           ? "provider"
           : f->scope == SCOPE_RECIPIENT_DOMAIN ? "recipient_domain"
           : f->scope == SCOPE_SENDER_DOMAIN    ? "sender_domain"
                                                : NULL;
}

/* The domain in the column ${wanted} that failed most so in the finding's
 * place and first hour. */
static const char *domain_in(
    const struct evidence *e, size_t i, const char *wanted)
{
    struct search *s = e->search;
    const struct finding *f = &s->items[i];
    sqlite3_stmt *row = query_prepare(s->db,
        search_text(s,
            "SELECT d.name FROM failure AS f JOIN domain AS d ON d.id = f.%s"
            " CROSS JOIN reply AS r ON r.id = f.reply"
            " WHERE f.source IN (SELECT source FROM hour_digest"
            " WHERE hour = :hour) AND f.hour = :hour AND f.%s = :item"
            " AND r.cause = :cause AND r.detail = :detail"
            " ORDER BY f.attempts DESC, d.name LIMIT 1",
            wanted, column_of(f)));
    const char *name = "";
    bool failed = false;
    if (row != NULL) {
        query_bind(row, ":hour", f->since / 3600 * 3600);
        query_bind(row, ":item", s->places[i].item);
        query_bind_text(row, ":cause", f->cause);
        query_bind_text(row, ":detail", f->detail);
        if (query_step(row, &failed)) {
            name = search_keep(s, query_text(row, 0));
        }
        sqlite3_finalize(row);
    }
    return name;
}

/* The recipient's domain, or the sender's. */
static const char *domain_of(const struct evidence *e, size_t i, bool is_sender)
{
    const struct finding *f = &e->search->items[i];
    const struct search_place *place = &e->search->places[i];
    struct evidence_share first;
    if (f->scope ==
        (is_sender ? SCOPE_SENDER_DOMAIN : SCOPE_RECIPIENT_DOMAIN)) {
        return f->name;
    }
    if (column_of(f) != NULL && place->known) {
        return domain_in(
            e, i, is_sender ? "sender_domain" : "recipient_domain");
    }
    enum series_dimension dimension =
        is_sender ? SERIES_SENDER : SERIES_RECIPIENT;
    if (place->known && place->dimension == SERIES_EVERYTHING &&
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
    bool is_sender = is_about_sender(f);
    const char *domain = domain_of(e, i, is_sender);
    struct remedy_names names = {.domain = domain,
        .target = is_sender ? domain_of(e, i, false) : domain,
        .host = f->scope == SCOPE_HOST ? f->name : "",
        .address = f->address,
        .dnsbl = addresses_is_sum(f)
                     ? e->kinds->zones[s->places[i].zone] /* as an example */
                     : f->dnsbl};
    const char *steps =
        f->kind == FINDING_CORRELATED
            ? lexicon_ask(lexicon, lexicon->together_advice, f->direction,
                  search_text(s, "%s.%s", f->cause, f->detail))
            : lexicon_ask(lexicon, lexicon->advice, f->cause, f->detail);
    remedy_add(s, f, steps, &names);
    add_page(s, f);
}
