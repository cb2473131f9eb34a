/* SPDX-License-Identifier: MIT */
/* report/gather.h - all that the summary and the page are made of. */
#ifndef REPORT_GATHER_H
#define REPORT_GATHER_H

#include "findings/findings.h"
#include "report/named.h"
#include "report/snapshot.h"

/* Everything of one direction, added up (see the report overview). */
struct gather_totals {
    bool is_there; /* false: no mail of that direction in the period */
    int64_t delivered;
    int64_t accepted;
    int64_t deferred;
    int64_t bounced;
    int64_t expired;
    int64_t rejected;
    int64_t attempts; /* failed attempts, all causes */
    double failure_rate;
};

/* What the logs themselves were. */
struct gather_logs {
    int64_t sources;
    int64_t damaged;
    int64_t bytes;
    int64_t lines;
    int64_t events;
    int64_t known; /* of a mail server, and understood */
    int64_t unknown;
    int64_t overflow;
    int64_t hours_left_out;
    int64_t hours_suspected;
    int64_t skipped; /* overlong and malformed lines */
};

/* The tables of one period; owns them. */
struct gather;

/**
 * gather_run(from, filter, against, settings, lexicon):
 * Run every report that the summary and the page need, and look for findings
 * in the whole period; side by side if ${from} has two connections.  Where
 * ${against} (NULL: nothing) is a period with mail, tables have columns of
 * change, too (see compare_annotate()).  ${settings} (NULL: the defaults) says
 * what the site wants to hear; its times are not used.  Borrows ${lexicon} (not
 * NULL). Return NULL, having reported the reason, on failure; ends with
 * gather_free().
 */
struct gather *gather_run(const struct snapshot *from,
    const struct named_filter *filter, const struct named_filter *against,
    const struct findings_settings *settings, const struct lexicon *lexicon);

/** gather_findings(g): All that was found. */
const struct findings *gather_findings(const struct gather *g);

/* What becomes of a finding in a report. */
enum gather_place {
    GATHER_NOWHERE = 0, /* of the direction or domain not asked for */
    GATHER_OPEN,        /* goes on, or ended within a week of the end */
    GATHER_EARLIER,     /* was over before */
    GATHER_GOOD,        /* a fact, or what has recovered: no alarm */
    GATHER_MUTED        /* the site does not want to hear it */
};

/** gather_place(g, f): Where ${f}, one of gather_findings(), belongs. */
enum gather_place gather_place(const struct gather *g, const struct finding *f);

/** gather_is_head(g, f, place): True if ${f} stands in the list of ${place} by
 * itself, not below its root. */
bool gather_is_head(
    const struct gather *g, const struct finding *f, enum gather_place place);

/**
 * gather_is_explained(g, f, step, most):
 * True if one that stands before ${f} in its list has among its first ${most}
 * steps the text of ${step}, so that it need not be told again.
 */
bool gather_is_explained(const struct gather *g, const struct finding *f,
    const struct finding_step *step, size_t most);

/** gather_table(g, name): The report ${name}, one of those that were run. */
const struct table *gather_table(const struct gather *g, const char *name);

/** gather_gone(g, name): The rows of the report ${name} that only the period
 * compared with has; NULL: there are none, or nothing is compared. */
const struct table *gather_gone(const struct gather *g, const char *name);

/** gather_listing(g, row): The open finding that tells of row ${row} of the
 * report blocklists: of the listing that goes on, where the row may also hold
 * one before it; NULL if there is none. */
const struct finding *gather_listing(const struct gather *g, size_t row);

/** gather_listed_since(g, row): When what row ${row} of that report tells of
 * began. */
int64_t gather_listed_since(const struct gather *g, size_t row);

/** gather_filter(g), gather_lexicon(g): As given. */
const struct named_filter *gather_filter(const struct gather *g);
const struct lexicon *gather_lexicon(const struct gather *g);

/** gather_totals(g, direction): The sums of ${direction}. */
struct gather_totals gather_totals(
    const struct gather *g, const char *direction);

/** gather_against(g): The period compared with; NULL: none is. */
const struct named_filter *gather_against(const struct gather *g);

/** gather_totals_before(g, direction): The sums of that period, without
 * attempts. */
struct gather_totals gather_totals_before(
    const struct gather *g, const char *direction);

/** gather_logs(g): The sums over all sources. */
struct gather_logs gather_logs(const struct gather *g);

/** gather_period(g, from, until): Store the first hour and the end of the
 * last hour with mail; false if there is none. */
bool gather_period(const struct gather *g, int64_t *from, int64_t *until);

/** gather_cause_attempts(g, direction, cause): Failed attempts of ${cause}. */
int64_t gather_cause_attempts(
    const struct gather *g, const char *direction, const char *cause);

/** gather_find_row(table, direction, column, name): The row of ${direction}
 * whose text in ${column} is ${name}; table_n_rows() if there is none. */
size_t gather_find_row(const struct table *table, const char *direction,
    const char *column, struct span name);

/** gather_next_row(table, direction, row): The first row from ${row} on whose
 * column "direction" is ${direction}; table_n_rows() if there is none. */
size_t gather_next_row(
    const struct table *table, const char *direction, size_t row);

/** gather_free(g): End ${g} and its tables.  NULL does nothing. */
void gather_free(struct gather *g);

/** gather_set_title(g, title): Call the summary and the page ${title}, which
 * is borrowed; NULL: nothing special. */
void gather_set_title(struct gather *g, const char *title);

/** gather_title(g): What they are called; NULL if nothing was set. */
const char *gather_title(const struct gather *g);

#endif
