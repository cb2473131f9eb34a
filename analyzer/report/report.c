/* SPDX-License-Identifier: MIT */
/*
 * Everything is read within one read transaction, so that all numbers of a
 * report belong to one state of the store while a nightly run writes to it;
 * and everything is in memory before the first byte goes out.
 */
#include "report/report.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "report/compare.h"
#include "report/csv_out.h"
#include "report/format.h"
#include "report/gather.h"
#include "report/html_mail.h"
#include "report/html_out.h"
#include "report/json_out.h"
#include "report/outfile.h"
#include "report/phrasing.h"
#include "report/prometheus_out.h"
#include "report/summary.h"
#include "report/text_out.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { DEFAULT_WIDTH = 80 };

static const struct renderer *const renderers[] = {
    [REPORT_TEXT] = &text_out,
    [REPORT_CSV] = &csv_out,
    [REPORT_JSON] = &json_out,
    [REPORT_HTML] = &html_out,
    [REPORT_PROMETHEUS] = &prometheus_out,
};

/* The reports to write; owns all. */
struct names {
    char **names;
    size_t n;
    struct table **before; /* of the period compared with; NULL: none is */
};

bool report_format_parse(const char *name, enum report_format *format)
{
    for (int i = REPORT_TEXT; i <= REPORT_PROMETHEUS; i++) {
        if (strcmp(renderers[i]->name, name) == 0) {
            *format = (enum report_format)i;
            return true;
        }
    }
    return false;
}

static void add_name(struct names *names, char *name)
{
    names->names =
        memory_grow(names->names, names->n + 1, sizeof *names->names);
    names->names[names->n++] = name;
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        free(names->names[i]);
        if (names->before != NULL) {
            table_free(names->before[i]);
        }
    }
    free(names->names);
    free(names->before);
}

/* Why the report cannot be written as ${request} asks; NULL if it can. */
static const char *misfit(
    const struct report_request *request, const char *name)
{
    bool is_metrics = request->format == REPORT_PROMETHEUS;
    if (is_metrics && request->against != NULL) {
        return "metrics are not compared";
    }
    if (is_metrics && !span_is_known(named_head(name, "metrics"))) {
        return "this report cannot be written as metrics";
    }
    if (request->against != NULL &&
        !span_is_known(named_head(name, "compare"))) {
        return "two periods of this report cannot be compared";
    }
    return NULL;
}

/* Does a report that fits belong to those that are written unasked? */
static bool is_usual(const struct report_request *request, const char *name)
{
    return request->format != REPORT_PROMETHEUS ||
           span_equal(named_head(name, "metrics"), SPAN_LITERAL("usual"));
}

/* All reports that fit; compared for people, those that are worth a look
 * every day. */
static void add_all(const struct report_request *request, struct names *names)
{
    static const char *const daily[] = {
        "overview", "causes", "providers", "domains", "blocklists", "latency"};
    if (request->against != NULL && !renderers[request->format]->is_complete) {
        for (size_t i = 0; i < sizeof daily / sizeof daily[0]; i++) {
            add_name(names, memory_copy(span_of(daily[i])));
        }
        return;
    }
    char *next = NULL;
    for (char *name = named_next(NULL); name != NULL; name = next) {
        next = named_next(name);
        if (misfit(request, name) == NULL && is_usual(request, name)) {
            add_name(names, name);
        } else {
            free(name);
        }
    }
}

/* The names asked for, or all; false if one of them does not fit. */
static bool choose_names(
    const struct report_request *request, struct names *names)
{
    *names = (struct names){NULL, 0, NULL};
    for (size_t i = 0; i < request->n_names; i++) {
        const char *name = request->names[i];
        if (!named_exists(name)) {
            diag_error("%s: no such report", name);
            return false;
        }
        if (misfit(request, name) != NULL) {
            diag_error("%s: %s", name, misfit(request, name));
            return false;
        }
        add_name(names, memory_copy(span_of(name)));
    }
    if (request->n_names == 0) {
        add_all(request, names);
    }
    return true;
}

/* Run all reports on the period compared with. */
static bool run_before(
    sqlite3 *db, const struct report_request *request, struct names *names)
{
    names->before = memory_zalloc(names->n, sizeof *names->before);
    return named_run_apart(db, (const char *const *)names->names, names->n,
        request->against, names->before);
}

static bool is_directory(const char *path)
{
    struct stat status;
    return path != NULL && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_stdout(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

/* ${now} beside ${before}, in its place. */
static struct table *compare(const struct report_request *request,
    struct table *now, const struct table *before)
{
    bool is_complete = renderers[request->format]->is_complete;
    struct buffer about;
    buffer_init(&about, 4096);
    buffer_addf(&about, "%s Now: ", table_about(now));
    phrasing_add_period(&about, &request->filter);
    buffer_add_string(&about, "; before: ");
    phrasing_add_period(&about, request->against);
    buffer_addf(&about, ", UTC.%s",
        is_complete ? "" : " What did not change is left out.");
    struct table *table = compare_tables(now, before, buffer_span(&about),
        is_complete ? COMPARE_ALL : COMPARE_CHANGED);
    buffer_free(&about);
    table_free(now);
    return table;
}

static struct table *run(sqlite3 *db, const struct report_request *request,
    const struct names *names, size_t i)
{
    bool all = names->before != NULL || renderers[request->format]->is_complete;
    struct table *table = named_run(db, names->names[i], &request->filter,
        all ? NAMED_ROWS_ALL : NAMED_ROWS_SHORT);
    return table == NULL || names->before == NULL
               ? table
               : compare(request, table, names->before[i]);
}

static bool render(struct buffer *out, sqlite3 *db,
    const struct report_request *request, const struct names *names, size_t i)
{
    struct table *table = run(db, request, names, i);
    if (table == NULL) {
        return false;
    }
    const char *title =
        request->title_of != NULL
            ? request->title_of(request->title_context, names->names[i])
            : NULL;
    if (title != NULL) {
        table_set_title(table, span_of(title));
    }
    renderers[request->format]->table(
        out, table, request->width != 0 ? request->width : DEFAULT_WIDTH);
    table_free(table);
    return true;
}

/* Write ${out} to ${path}, unless it did not hold everything. */
static enum report_result put(
    const char *path, const struct buffer *out, bool is_public)
{
    if (out->overflowed) {
        diag_error("%s: the report is too large; choose a shorter period",
            is_stdout(path) ? "standard output" : path);
        return REPORT_FAILED;
    }
    bool ok = is_public ? outfile_publish(path, buffer_span(out))
                        : outfile_write(path, buffer_span(out));
    return ok ? REPORT_DONE : REPORT_FAILED;
}

/* ${request->output}, or the file DIR/${base}${suffix} in it if it is a
 * directory.  The caller frees it. */
static char *target(const struct report_request *request, const char *base)
{
    struct buffer path;
    const char *output = is_stdout(request->output) ? "-" : request->output;
    buffer_init(&path, 4096);
    buffer_add_string(&path, output);
    if (is_directory(request->output)) {
        buffer_addf(&path, "/%s%s", base, renderers[request->format]->suffix);
    }
    char *copy = memory_copy(buffer_span(&path));
    buffer_free(&path);
    return copy;
}

static enum report_result put_at(const struct report_request *request,
    const char *base, const struct buffer *out)
{
    char *path = target(request, base);
    enum report_result result =
        put(path, out, request->format == REPORT_PROMETHEUS);
    free(path);
    return result;
}

/* One file for each report. */
static enum report_result write_files(
    sqlite3 *db, const struct report_request *request, struct names *names)
{
    struct buffer out;
    enum report_result result = REPORT_DONE;
    if (!outfile_make_directory(request->output)) {
        return REPORT_FAILED;
    }
    buffer_init(&out, LIMIT_REPORT_LEN);
    for (size_t i = 0; i < names->n && result == REPORT_DONE; i++) {
        buffer_reset(&out);
        result = render(&out, db, request, names, i)
                     ? put_at(request, names->names[i], &out)
                     : REPORT_FAILED;
    }
    buffer_free(&out);
    return result;
}

/* As metrics. */
static bool add_findings(
    struct buffer *out, sqlite3 *db, const struct report_request *request)
{
    struct findings_settings wanted;
    findings_settings_init(&wanted);
    wanted = request->settings != NULL ? *request->settings : wanted;
    wanted.since = request->filter.since;
    wanted.until = request->filter.until;
    struct findings *f = findings_find(db, &wanted, request->lexicon);
    if (f != NULL) {
        prometheus_out_findings(out, f);
    }
    findings_free(f);
    return f != NULL;
}

/* All reports after each other. */
static enum report_result write_together(
    sqlite3 *db, const struct report_request *request, struct names *names)
{
    struct buffer out;
    enum report_result result = REPORT_FAILED;
    const struct renderer *renderer = renderers[request->format];
    buffer_init(&out, LIMIT_REPORT_LEN);
    renderer->begin(&out, names->n);
    for (size_t i = 0; i < names->n; i++) {
        buffer_add_string(&out, i > 0 ? renderer->between : "");
        if (!render(&out, db, request, names, i)) {
            goto done;
        }
    }
    renderer->end(&out, names->n);
    if (request->format == REPORT_PROMETHEUS && request->n_names == 0 &&
        !add_findings(&out, db, request)) {
        goto done;
    }
    result =
        put_at(request, names->n == 1 ? names->names[0] : "smtpscope", &out);
done:
    buffer_free(&out);
    return result;
}

static enum report_result write_named(
    sqlite3 *db, const struct report_request *request)
{
    struct names names;
    enum report_result result = REPORT_MISUSED;
    if (!choose_names(request, &names)) {
        goto done;
    }
    if (request->against != NULL && !run_before(db, request, &names)) {
        result = REPORT_FAILED;
        goto done;
    }
    if (request->format != REPORT_CSV || names.n == 1) {
        result = write_together(db, request, &names);
    } else if (is_stdout(request->output)) {
        diag_error("several reports as CSV need a directory (-o DIR)");
    } else {
        result = write_files(db, request, &names);
    }
done:
    names_free(&names);
    return result;
}

/* The summary or the page. */
static enum report_result write_whole(
    const struct snapshot *s, const struct report_request *request)
{
    struct buffer out;
    struct gather *g = gather_run(s, &request->filter, request->against,
        request->settings, request->lexicon);
    if (g == NULL) {
        return REPORT_FAILED;
    }
    gather_set_title(g, request->title);
    buffer_init(&out, LIMIT_REPORT_LEN);
    if (request->format == REPORT_HTML && request->is_mail) {
        html_mail_write(&out, g);
    } else if (request->format == REPORT_HTML) {
        html_out_page(&out, g);
    } else {
        summary_write(&out, g);
    }
    enum report_result result = put_at(request, "smtpscope", &out);
    buffer_free(&out);
    gather_free(g);
    return result;
}

enum report_result report_write(
    sqlite3 *db, const struct report_request *request)
{
    static const struct lexicon nothing;
    struct report_request r = *request;
    struct snapshot s;
    bool is_whole =
        r.n_names == 0 && (r.format == REPORT_HTML ||
                              (r.format == REPORT_TEXT && r.against == NULL));
    r.lexicon = r.lexicon != NULL ? r.lexicon : &nothing;
    r.beside = is_whole ? r.beside : NULL;
    if (!lexicon_register(db, r.lexicon) ||
        (r.beside != NULL && !lexicon_register(r.beside, r.lexicon)) ||
        !snapshot_begin(&s, db, r.beside)) {
        return REPORT_FAILED;
    }
    enum report_result result =
        is_whole ? write_whole(&s, &r) : write_named(db, &r);
    snapshot_end(&s);
    /* The lexicon may end before the connections do. */
    lexicon_register(db, NULL);
    if (r.beside != NULL) {
        lexicon_register(r.beside, NULL);
    }
    return result;
}
