/* SPDX-License-Identifier: MIT */
/*
 * What is silent is not well: a log that stopped makes every rate look good.
 * A server's silence is judged by what it usually logs at those hours: the
 * smaller of the medians of the same hour on other days and of the same hour
 * of the week, so that quiet nights and weekends say nothing.
 */
#include "findings/stale.h"

#include "findings/sentence.h"

#include <stdlib.h>

enum {
    HOUR = 3600,
    DAY_HOURS = 24,
    WEEK_HOURS = 168,
    PAST_DAYS = 14,
    PAST_WEEKS = 4,
    LEAST_DAYS = 5,
    LEAST_WEEKS = 1,         /* one silent Sunday is told, no second one */
    ARCHIVE_AGE = 30 * 86400 /* older logs are read as an archive */
};

/* Silence counts if so many events were due, and so many lines of a program
 * without a pattern, if they are this part of all its lines. */
#define LEAST_DUE 20.0
#define LEAST_UNKNOWN 20
#define UNKNOWN_SHARE 0.02
#define UNKNOWN_ALARM 0.2

/* A server's events by the hour, hour 0 being search.begin. */
struct activity {
    const char *host;
    int64_t *events;
    size_t hours;
};

static int compare_counts(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The median of the hours one ${step} apart before ${hour}; negative if too
 * few are known. */
static double median_before(const struct activity *a, size_t hour, size_t step)
{
    bool days = step == DAY_HOURS;
    size_t max = days ? PAST_DAYS : PAST_WEEKS;
    int64_t list[PAST_DAYS];
    size_t n = 0;
    for (size_t h = hour; h >= step && n < max; h -= step) {
        list[n++] = a->events[h - step];
    }
    if (n < (days ? LEAST_DAYS : LEAST_WEEKS)) {
        return -1;
    }
    qsort(list, n, sizeof *list, compare_counts);
    return (double)(list[(n - 1) / 2] + list[n / 2]) / 2;
}

/* Events due in ${hour}, judged from before ${begin}, where silence begins. */
static double due(const struct activity *a, size_t hour, size_t begin)
{
    size_t day = hour;
    while (day >= begin + DAY_HOURS) {
        day -= DAY_HOURS;
    }
    double by_day = median_before(a, day, DAY_HOURS);
    size_t week = hour;
    while (week >= begin + WEEK_HOURS) {
        week -= WEEK_HOURS;
    }
    double by_week = median_before(a, week, WEEK_HOURS);
    return by_week >= 0 && by_week < by_day ? by_week : by_day;
}

static void add_silence(struct search *s, const struct activity *a, size_t from,
    size_t to, double expected)
{
    bool open = to == a->hours;
    int64_t since = s->begin + (int64_t)from * HOUR;
    int64_t until = s->begin + (int64_t)to * HOUR;
    if (!open && until <= s->since) {
        return;
    }
    const char *host = sentence_host(s, a->host);
    struct finding *f = search_add(s);
    f->kind = FINDING_STALE;
    f->severity = open ? SEVERITY_WARNING : SEVERITY_NOTICE;
    f->scope = SCOPE_HOST;
    f->name = a->host;
    f->unit = "events";
    f->since = since;
    f->until = open ? 0 : until;
    f->last_seen = open ? s->end - 1 : until - 1;
    f->expected = expected;
    f->headline = search_text(s, "No mail in the logs of %s for %lld hours",
        host, (long long)((until - since) / HOUR));
    search_note(s, f,
        search_text(s,
            "%s events are usual in that time; logs that were not"
            " read, or a server that did not work",
            sentence_count(s, expected)));
}

static void look_for_silence(struct search *s, const struct activity *a)
{
    int64_t least = s->settings->stale_after / HOUR;
    for (size_t h = 0; h < a->hours;) {
        size_t from = h;
        double expected = 0;
        for (; h < a->hours && a->events[h] == 0; h++) {
            double value = due(a, h, from);
            expected += value > 0 ? value : 0;
        }
        if ((int64_t)(h - from) >= least && expected >= LEAST_DUE) {
            add_silence(s, a, from, h, expected);
        }
        h++;
    }
}

static bool find_silence(struct search *s)
{
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT h.name, g.hour, sum(g.events) FROM hour_digest AS g"
        " JOIN host AS h ON h.id = g.host WHERE g.hour < :end AND g.rolled = 0"
        " GROUP BY h.name, g.hour ORDER BY h.name, g.hour");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    size_t hours = (size_t)((s->end - s->begin + HOUR - 1) / HOUR);
    struct activity a = {"", memory_zalloc(hours + 1, sizeof *a.events), hours};
    query_bind(rows, ":end", s->end);
    while (query_step(rows, &failed)) {
        if (strcmp(a.host, query_text(rows, 0)) != 0) {
            look_for_silence(s, &a);
            memset(a.events, 0, hours * sizeof *a.events);
            a.host = search_keep(s, query_text(rows, 0));
        }
        int64_t hour = (sqlite3_column_int64(rows, 1) - s->begin) / HOUR;
        if (hour >= 0 && (size_t)hour < hours) {
            a.events[hour] = sqlite3_column_int64(rows, 2);
        }
    }
    look_for_silence(s, &a);
    sqlite3_finalize(rows);
    free(a.events);
    return !failed;
}

/* --- everything stopped ----------------------------------------------------
 */

static void find_end(struct search *s)
{
    int64_t age = s->settings->now - s->end;
    if (s->settings->now == 0 || s->settings->until != INT64_MAX ||
        age < s->settings->stale_after + 86400 || age > ARCHIVE_AGE) {
        return;
    }
    struct finding *f = search_add(s);
    f->kind = FINDING_STALE;
    f->severity = SEVERITY_WARNING;
    f->scope = SCOPE_EVERYTHING;
    f->unit = "lines";
    f->since = s->end;
    f->last_seen = s->end;
    f->headline = search_text(
        s, "No log has a line after %s UTC", sentence_time(s, s->end));
    search_note(s, f,
        "See whether the ingest still runs, and reads the logs"
        " that are written now");
}

/* --- lines that are not understood -----------------------------------------
 */

static void add_drift(struct search *s, sqlite3_stmt *row)
{
    const char *program = search_keep(s, query_text(row, 1));
    double unknown = sqlite3_column_double(row, 2);
    double lines = sqlite3_column_double(row, 3);
    struct finding *f = search_add(s);
    f->kind = FINDING_STALE;
    f->severity =
        unknown >= UNKNOWN_ALARM * lines ? SEVERITY_WARNING : SEVERITY_NOTICE;
    f->scope = SCOPE_PROGRAM;
    f->name = search_text(s, "%s/%s", query_text(row, 0), program);
    f->unit = "lines";
    f->since = s->since > s->begin ? s->since : s->begin;
    f->last_seen = s->end - 1;
    f->observed = f->excess = unknown;
    f->tried = lines;
    f->headline =
        search_text(s, "%s writes lines that no pattern knows: %.0f of %.0f",
            f->name, unknown, lines);
    search_note(s, f, search_text(s, "For example: %s", query_text(row, 4)));
    search_note(s, f,
        "A new version may have changed its log; \"smtpscope"
        " report drift\" lists them all");
}

static bool find_drift(struct search *s)
{
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT c.mta, c.program, sum(c.lines * (c.class = 'unknown')) AS u,"
        " sum(c.lines) AS n, coalesce((SELECT example FROM unknown_line AS x"
        " WHERE x.mta = c.mta AND x.program = c.program"
        " ORDER BY x.lines DESC, x.template LIMIT 1), '')"
        " FROM line_count AS c JOIN source AS o ON o.id = c.source"
        " WHERE c.mta <> '' AND o.last_stamp >= :since * 1000000"
        " GROUP BY c.mta, c.program HAVING u >= 1 ORDER BY u DESC");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(rows, ":since", s->since);
    while (query_step(rows, &failed)) {
        int64_t unknown = sqlite3_column_int64(rows, 2);
        if (unknown >= LEAST_UNKNOWN &&
            (double)unknown >= UNKNOWN_SHARE * sqlite3_column_double(rows, 3)) {
            add_drift(s, rows);
        }
    }
    sqlite3_finalize(rows);
    return !failed;
}

/* --- damaged logs ----------------------------------------------------------
 */

static bool find_damage(struct search *s)
{
    sqlite3_stmt *rows = query_prepare(s->db,
        "SELECT name, damaged_at, coalesce(damage, 'unreadable'), last_stamp"
        " FROM source WHERE damaged_at IS NOT NULL"
        " AND last_stamp >= :since * 1000000 ORDER BY name");
    if (rows == NULL) {
        return false;
    }
    bool failed = false;
    query_bind(rows, ":since", s->since);
    while (query_step(rows, &failed)) {
        struct finding *f = search_add(s);
        f->kind = FINDING_STALE;
        f->severity = SEVERITY_NOTICE;
        f->scope = SCOPE_SOURCE;
        f->name = search_keep(s, query_text(rows, 0));
        f->unit = "bytes";
        f->since = f->last_seen = sqlite3_column_int64(rows, 3) / 1000000;
        f->headline =
            search_text(s, "%s is damaged, what comes after is missing: %s",
                f->name, query_text(rows, 2));
        search_note(s, f,
            "Copy it once more from where it came: the next ingest adds what is"
            " missing");
    }
    sqlite3_finalize(rows);
    return !failed;
}

bool stale_find(struct search *s)
{
    find_end(s);
    return find_silence(s) && find_drift(s) && find_damage(s);
}
