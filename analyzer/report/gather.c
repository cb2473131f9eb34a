/* SPDX-License-Identifier: MIT */
/*
 * The summary and the page tell the same story, so they are fed by the same
 * tables, each run once.  Sums are taken from tables that hold all rows.
 */
#include "report/gather.h"

#include "base/memory.h"
#include "report/compare.h"
#include "report/phrasing.h"

#include <pthread.h>
#include <stdlib.h>

/* Rows that are only in the period compared with are told of the reports that
 * the page shows as they are. */
static const struct {
    const char *name;
    enum named_rows rows;
    bool has_gone;
} wanted[] = {
    {"overview", NAMED_ROWS_ALL,
        false}, /* the first: it says if there is mail */
    {"causes", NAMED_ROWS_ALL, true},
    {"sources", NAMED_ROWS_ALL, false},
    {"timeline", NAMED_ROWS_ALL, false},
    {"timeline_causes", NAMED_ROWS_ALL, false},
    {"trends", NAMED_ROWS_ALL, false},
    {"blocklists", NAMED_ROWS_ALL, true},
    {"host_causes", NAMED_ROWS_ALL, false},
    {"domain_causes", NAMED_ROWS_SHORT, false},
    {"sender_causes", NAMED_ROWS_SHORT, false},
    {"details", NAMED_ROWS_SHORT, true},
    {"domains", NAMED_ROWS_SHORT, true},
    {"providers", NAMED_ROWS_SHORT, true},
    {"senders", NAMED_ROWS_SHORT, true},
    {"hosts", NAMED_ROWS_SHORT, true},
    {"dns", NAMED_ROWS_SHORT, true},
    {"deferrals", NAMED_ROWS_SHORT, true},
    {"latency", NAMED_ROWS_SHORT, true},
    {"codes", NAMED_ROWS_SHORT, true},
    {"templates", NAMED_ROWS_SHORT, true},
    {"unclassified", NAMED_ROWS_SHORT, true},
    {"drift", NAMED_ROWS_SHORT, false},
};

enum { N_WANTED = sizeof wanted / sizeof wanted[0] };

/* What was over longer ago than this is history. */
#define RECENT (INT64_C(7) * 86400)

struct gather {
    struct named_filter filter;
    struct findings *findings;
    const struct lexicon *lexicon;
    const char *title; /* NULL: nothing special */
    struct table *tables[N_WANTED];
    bool is_compared;
    struct named_filter against;
    struct table *before[N_WANTED]; /* NULL: not compared */
    struct table *gone[N_WANTED];   /* NULL: not compared, or no row */
};

/* What is found in all of the period: charts show it too. */
struct search {
    sqlite3 *db;
    struct findings_settings settings;
    const struct lexicon *lexicon;
    struct findings *found; /* NULL: it failed, or was not done yet */
};

static void *search_run(void *context)
{
    struct search *s = context;
    s->found = findings_find(s->db, &s->settings, s->lexicon);
    return NULL;
}

/* The tables must hold the overview already. */
static struct search search_in(sqlite3 *db, const struct gather *g,
    const struct findings_settings *settings)
{
    struct search s = {.db = db, .lexicon = g->lexicon};
    int64_t from;
    int64_t until;
    findings_settings_init(&s.settings);
    s.settings = settings != NULL ? *settings : s.settings;
    s.settings.since = gather_period(g, &from, &until) ? from : INT64_MIN;
    s.settings.until = g->filter.until;
    return s;
}

/* Run on the period compared with what can be compared. */
static bool run_before(
    sqlite3 *db, struct gather *g, const struct named_filter *against)
{
    const char *names[N_WANTED];
    for (size_t i = 0; i < N_WANTED; i++) {
        names[i] = span_is_known(named_head(wanted[i].name, "compare"))
                       ? wanted[i].name
                       : NULL;
    }
    g->against = *against;
    g->is_compared = true;
    return named_run_apart(db, names, N_WANTED, against, g->before);
}

/* Those from number ${first} on, before ${end}. */
static bool run_tables(sqlite3 *db, struct gather *g, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        /* what a limit leaves out is not gone */
        bool all = g->is_compared && wanted[i].has_gone;
        g->tables[i] = named_run(db, wanted[i].name, &g->filter,
            all ? NAMED_ROWS_ALL : wanted[i].rows);
        if (g->tables[i] == NULL) {
            return false;
        }
    }
    return true;
}

static struct table *find_gone(const struct gather *g, size_t i)
{
    struct buffer about;
    buffer_init(&about, 4096);
    buffer_add_string(&about, "What this period has none of; the numbers are "
                              "those of ");
    phrasing_add_period(&about, &g->against);
    buffer_add_string(&about, " UTC.");
    struct table *gone =
        compare_gone(g->tables[i], g->before[i], buffer_span(&about));
    buffer_free(&about);
    if (table_n_rows(gone) == 0) {
        table_free(gone);
        gone = NULL;
    }
    return gone;
}

/* Where there was no mail before, everything would be new. */
static void annotate(struct gather *g)
{
    bool has_mail = g->is_compared && table_n_rows(g->before[0]) > 0;
    for (size_t i = 0; has_mail && i < N_WANTED; i++) {
        if (g->before[i] != NULL) {
            struct table *now = g->tables[i];
            g->gone[i] = wanted[i].has_gone ? find_gone(g, i) : NULL;
            g->tables[i] = compare_annotate(now, g->before[i]);
            table_free(now);
        }
    }
}

/* The other tables and the findings, which need nothing of each other. */
static bool run_rest(const struct snapshot *from, struct gather *g,
    const struct findings_settings *settings)
{
    bool has_two = from->beside != NULL;
    struct search s = search_in(has_two ? from->beside : from->db, g, settings);
    pthread_t helper;
    bool apart = has_two && pthread_create(&helper, NULL, search_run, &s) == 0;
    bool ok = run_tables(from->db, g, 1, N_WANTED);
    if (apart) {
        pthread_join(helper, NULL);
    } else if (ok) {
        search_run(&s);
    }
    g->findings = s.found;
    return ok && s.found != NULL;
}

struct gather *gather_run(const struct snapshot *from,
    const struct named_filter *filter, const struct named_filter *against,
    const struct findings_settings *settings, const struct lexicon *lexicon)
{
    struct gather *g = memory_zalloc(1, sizeof *g);
    g->filter = *filter;
    g->lexicon = lexicon;
    if ((against != NULL && !run_before(from->db, g, against)) ||
        !run_tables(from->db, g, 0, 1) || !run_rest(from, g, settings)) {
        gather_free(g);
        return NULL;
    }
    annotate(g);
    return g;
}

/* Its place among those wanted; N_WANTED if it is none of them. */
static size_t place_of(const char *name)
{
    size_t i = 0;
    while (i < N_WANTED && strcmp(wanted[i].name, name) != 0) {
        i++;
    }
    return i;
}

const struct table *gather_table(const struct gather *g, const char *name)
{
    size_t i = place_of(name);
    return i < N_WANTED ? g->tables[i] : NULL;
}

const struct table *gather_gone(const struct gather *g, const char *name)
{
    size_t i = place_of(name);
    return i < N_WANTED ? g->gone[i] : NULL;
}

const struct findings *gather_findings(const struct gather *g)
{
    return g->findings;
}

static bool is_asked_for(const struct gather *g, const struct finding *f)
{
    if (g->filter.domain != NULL) {
        return f->scope == SCOPE_RECIPIENT_DOMAIN &&
               strcmp(f->name, g->filter.domain) == 0;
    }
    return g->filter.direction == NULL || *f->direction == '\0' ||
           strcmp(f->direction, g->filter.direction) == 0;
}

enum gather_place gather_place(const struct gather *g, const struct finding *f)
{
    if (!is_asked_for(g, f)) {
        return GATHER_NOWHERE;
    }
    if (*f->muted != '\0') {
        return GATHER_MUTED;
    }
    if (f->kind == FINDING_FACT || f->kind == FINDING_RECOVERED ||
        f->severity < SEVERITY_NOTICE) {
        return GATHER_GOOD;
    }
    return f->until == 0 || f->until > g->findings->until - RECENT
               ? GATHER_OPEN
               : GATHER_EARLIER;
}

bool gather_is_head(
    const struct gather *g, const struct finding *f, enum gather_place place)
{
    if (gather_place(g, f) != place) {
        return false;
    }
    const struct finding *root = findings_by_id(g->findings, f->root);
    return f->root == 0 || root == NULL || gather_place(g, root) != place;
}

static bool has_step(const struct finding *f, const char *text, size_t most)
{
    for (size_t i = 0; i < f->n_advice && i < most; i++) {
        if (strcmp(f->advice[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

bool gather_is_explained(const struct gather *g, const struct finding *f,
    const struct finding_step *step, size_t most)
{
    enum gather_place place = gather_place(g, f);
    for (const struct finding *e = g->findings->items; e < f; e++) {
        if (has_step(e, step->text, most) && gather_is_head(g, e, place)) {
            return true;
        }
    }
    return false;
}

/* Not of a receiver that cannot look the list up, which is no listing. */
static bool is_listing(const struct gather *g, const struct finding *f)
{
    unsigned marks =
        lexicon_marks(g->lexicon, span_of(f->cause), span_of(f->detail));
    return f->kind == FINDING_LISTING && (marks & MARK_LOOKUP_BROKEN) == 0;
}

const struct finding *gather_listing(const struct gather *g, size_t row)
{
    const struct table *t = gather_table(g, "blocklists");
    for (size_t i = 0; i < g->findings->n; i++) {
        const struct finding *f = &g->findings->items[i];
        if (is_listing(g, f) && f->until == 0 &&
            span_equal(span_of(f->dnsbl), table_text(t, row, "list")) &&
            span_equal(span_of(f->address), table_text(t, row, "address"))) {
            return f;
        }
    }
    return NULL;
}

int64_t gather_listed_since(const struct gather *g, size_t row)
{
    const struct finding *f = gather_listing(g, row);
    return f != NULL ? f->since
                     : table_integer(
                           gather_table(g, "blocklists"), row, "first_seen");
}

const struct named_filter *gather_filter(const struct gather *g)
{
    return &g->filter;
}

const struct lexicon *gather_lexicon(const struct gather *g)
{
    return g->lexicon;
}

size_t gather_find_row(const struct table *table, const char *direction,
    const char *column, struct span name)
{
    size_t row = gather_next_row(table, direction, 0);
    while (row < table_n_rows(table) &&
           !span_equal(table_text(table, row, column), name)) {
        row = gather_next_row(table, direction, row + 1);
    }
    return row;
}

size_t gather_next_row(
    const struct table *table, const char *direction, size_t row)
{
    while (
        row < table_n_rows(table) &&
        !span_equal(table_text(table, row, "direction"), span_of(direction))) {
        row++;
    }
    return row;
}

int64_t gather_cause_attempts(
    const struct gather *g, const char *direction, const char *cause)
{
    const struct table *t = gather_table(g, "causes");
    int64_t n = 0;
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        if (cause == NULL ||
            span_equal(table_text(t, row, "cause"), span_of(cause))) {
            n += table_integer(t, row, "attempts");
        }
    }
    return n;
}

const struct named_filter *gather_against(const struct gather *g)
{
    return g->is_compared ? &g->against : NULL;
}

/* From the report overview. */
static struct gather_totals totals_of(
    const struct table *t, const char *direction)
{
    size_t row = gather_next_row(t, direction, 0);
    if (row == table_n_rows(t)) {
        return (struct gather_totals){.is_there = false};
    }
    return (struct gather_totals){
        .is_there = true,
        .delivered = table_integer(t, row, "delivered"),
        .accepted = table_integer(t, row, "accepted"),
        .deferred = table_integer(t, row, "deferred"),
        .bounced = table_integer(t, row, "bounced"),
        .expired = table_integer(t, row, "expired"),
        .rejected = table_integer(t, row, "rejected"),
        .failure_rate = table_number(t, row, "failure_rate"),
    };
}

struct gather_totals gather_totals(
    const struct gather *g, const char *direction)
{
    struct gather_totals totals = totals_of(g->tables[0], direction);
    totals.attempts = gather_cause_attempts(g, direction, NULL);
    return totals;
}

struct gather_totals gather_totals_before(
    const struct gather *g, const char *direction)
{
    return totals_of(g->before[0], direction);
}

struct gather_logs gather_logs(const struct gather *g)
{
    const struct table *t = gather_table(g, "sources");
    struct gather_logs logs = {.sources = (int64_t)table_n_rows(t)};
    for (size_t row = 0; row < table_n_rows(t); row++) {
        logs.damaged += table_text(t, row, "damage").len > 0;
        logs.bytes += table_integer(t, row, "bytes");
        logs.lines += table_integer(t, row, "lines");
        logs.events += table_integer(t, row, "event");
        logs.known +=
            table_integer(t, row, "event") + table_integer(t, row, "ignored");
        logs.unknown += table_integer(t, row, "unknown");
        logs.overflow += table_integer(t, row, "overflow");
        logs.hours_left_out += table_integer(t, row, "hours_left_out");
        logs.hours_suspected += table_integer(t, row, "hours_suspected");
        logs.skipped += table_integer(t, row, "overlong") +
                        table_integer(t, row, "malformed");
    }
    return logs;
}

bool gather_period(const struct gather *g, int64_t *from, int64_t *until)
{
    const struct table *t = gather_table(g, "overview");
    for (size_t row = 0; row < table_n_rows(t); row++) {
        int64_t first = table_integer(t, row, "first_hour");
        int64_t last = table_integer(t, row, "last_hour") + 3600;
        *from = row == 0 || first < *from ? first : *from;
        *until = row == 0 || last > *until ? last : *until;
    }
    return table_n_rows(t) > 0;
}

void gather_free(struct gather *g)
{
    if (g != NULL) {
        for (size_t i = 0; i < N_WANTED; i++) {
            table_free(g->tables[i]);
            table_free(g->before[i]);
            table_free(g->gone[i]);
        }
        findings_free(g->findings);
        free(g);
    }
}

void gather_set_title(struct gather *g, const char *title)
{
    g->title = title;
}

const char *gather_title(const struct gather *g)
{
    return g->title;
}
