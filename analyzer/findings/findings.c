/* SPDX-License-Identifier: MIT */
/*
 * Each detector looks through the store for one kind of trouble and adds what
 * it finds; here they are run in turn and their findings ranked.
 */
#include "findings/findings.h"

#include "findings/band.h"
#include "findings/blocklist.h"
#include "findings/correlated.h"
#include "findings/counsel.h"
#include "findings/grade.h"
#include "findings/grouping.h"
#include "findings/novelty.h"
#include "findings/series_load.h"
#include "findings/shift.h"
#include "findings/stale.h"
#include "findings/standing.h"

#include <stdlib.h>

/* Before the days that are judged and their baseline: what an incident among
 * them is known by. */
enum { HOUR = 3600, DAY = 86400, BEFORE_DAYS = 14 };

static const struct lexicon knows_nothing;

/* The end of the data is the newest line of any log. */
static bool find_period(struct search *s)
{
    sqlite3_stmt *row = query_prepare(s->db,
        "SELECT (SELECT min(hour) FROM hour_digest),"
        " (SELECT max(last_time) / 1000000 + 1 FROM hour_digest)");
    if (row == NULL) {
        return false;
    }
    bool failed = false;
    const struct findings_settings *wanted = s->settings;
    if (query_step(row, &failed)) {
        int64_t last = sqlite3_column_int64(row, 1);
        s->begin = sqlite3_column_int64(row, 0);
        s->end = last < wanted->until ? last : wanted->until;
        s->since = wanted->since != INT64_MIN ? wanted->since
                                              : s->end - FINDINGS_RECENT;
    }
    sqlite3_finalize(row);
    return !failed;
}

static struct findings *deliver(struct search *s)
{
    struct findings *list = memory_zalloc(1, sizeof *list);
    grouping_link(s);
    for (size_t i = 0; i < s->n; i++) {
        grade_recovery(s, &s->items[i]);
        grade_mute(s, &s->items[i]);
    }
    grouping_order(s);
    free(s->places);
    struct finding_band *bands = arena_alloc(s->arena, sizeof s->bands);
    memcpy(bands, s->bands, sizeof s->bands);
    list->bands = bands;
    list->n_bands = s->n_bands;
    list->items = s->items;
    list->n = s->n;
    list->since = s->since;
    list->until = s->end;
    list->arena = s->arena;
    return list;
}

/* The begin of the site's day that ${time} lies in; a full hour. */
static int64_t day_of(int64_t time, int64_t offset)
{
    int64_t hours = offset / HOUR * HOUR;
    int64_t local = time + hours;
    return local - ((local % DAY) + DAY) % DAY - hours;
}

/* What all findings get once they are found. */
static bool complete(const struct evidence *e)
{
    struct search *s = e->search;
    for (size_t i = 0; i < s->n; i++) {
        const struct search_place *place = &s->places[i];
        bool trend = s->items[i].kind == FINDING_SHIFT ||
                     s->items[i].kind == FINDING_CORRELATED;
        if (trend) {
            grade_finding(s, &s->items[i], e->kinds->list[place->kind].side);
        }
        if (!evidence_add(e, i)) {
            return false;
        }
        counsel_add(e, i);
    }
    return true;
}

static bool look_at_trends(const struct evidence *e)
{
    e->search->n_bands = band_make(e, e->search->bands);
    shift_find(e->search, e->set, e->kinds);
    correlated_find(e);
    return blocklist_find(e) && novelty_find(e) && stale_find(e->search) &&
           standing_find(e) && complete(e);
}

/* Everything that looks at failures over time. */
static bool find_trends(struct search *s)
{
    const struct findings_settings *wanted = s->settings;
    if (s->end <= s->begin) {
        return true;
    }
    int64_t first = s->since - (wanted->baseline_days + BEFORE_DAYS) * DAY;
    int64_t since =
        day_of(first > s->begin ? first : s->begin, wanted->zone_offset);
    int64_t until = (s->end + HOUR - 1) / HOUR * HOUR;
    struct kinds kinds = {.list = NULL};
    struct series_set *set = NULL;
    if (until <= since) {
        return true; /* nothing is known of that time */
    }
    bool ok = kinds_load(&kinds, s) &&
              (set = series_load(s->db, since, until)) != NULL;
    ok = ok && look_at_trends(&(struct evidence){s, set, &kinds});
    series_free(set);
    kinds_reset(&kinds);
    return ok;
}

struct findings *findings_find(sqlite3 *db,
    const struct findings_settings *settings, const struct lexicon *lexicon)
{
    struct search s = {.db = db,
        .settings = settings,
        .lexicon = lexicon != NULL ? lexicon : &knows_nothing,
        .arena = arena_create()};
    if (find_period(&s) && find_trends(&s)) {
        return deliver(&s);
    }
    free(s.items);
    free(s.places);
    arena_free(s.arena);
    return NULL;
}

const struct finding *findings_by_id(const struct findings *f, uint64_t id)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->items[i].id == id) {
            return &f->items[i];
        }
    }
    return NULL;
}

enum finding_severity findings_worst(const struct findings *f)
{
    enum finding_severity worst = SEVERITY_UNKNOWN;
    for (size_t i = 0; i < f->n; i++) {
        if (f->items[i].muted[0] == '\0' && f->items[i].severity > worst) {
            worst = f->items[i].severity;
        }
    }
    return worst;
}

void findings_free(struct findings *f)
{
    if (f != NULL) {
        free((void *)f->items);
        arena_free(f->arena);
        free(f);
    }
}
