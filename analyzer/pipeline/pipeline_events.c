/* SPDX-License-Identifier: MIT */
/*
 * Events without a store, in the order of their lines.  Once events were
 * given away a yearless log that spans several years can no longer be read
 * again, so each file is looked through once before, an archive as a whole.
 * A stream cannot be: there such a log is only named.
 */
#include "pipeline/pipeline.h"

#include "base/diag.h"
#include "base/memory.h"
#include "classify/classifier.h"
#include "input/lines.h"
#include "parse/parser.h"
#include "pipeline/anchor.h"
#include "pipeline/members.h"

#include <inttypes.h>
#include <stdlib.h>

struct events_run {
    const struct pipeline_context *context;
    struct pipeline_summary *summary;
    struct parser *parser;
    struct classifier *classifier;
    pipeline_event_taker *taker;
    void *taker_context;
    bool ended; /* the taker wants no more */
};

/* By how many years each log of a file begins earlier than it seems. */
struct years {
    int *back;
    size_t n;
    bool failed; /* the file cannot be read, which was reported */
};

static bool is_stopping(const struct events_run *run)
{
    return run->ended ||
           (run->context->stop != NULL && *run->context->stop != 0);
}

static void restart(
    const struct events_run *run, const struct member *log, int years_back)
{
    const struct zone *zone = zones_of(run->context->zones, log->shown.path);
    struct parser_options options = {.formats = run->context->formats,
        .zone = zone,
        .anchor =
            anchor_of(&log->dated, log->decoder, run->context->year, zone),
        .years_back = years_back};
    parser_restart(run->parser, &options);
}

static int find_years_back(struct events_run *run, const struct member *log)
{
    struct lines *lines = lines_create(log->decoder, NULL);
    struct span line;
    struct parsed_line parsed;
    restart(run, log, 0);
    while (!is_stopping(run) && lines_next(lines, &line)) {
        parser_line(run->parser,
            parser_is_exact(run->parser) ? lines_exact(lines, line) : line,
            &parsed);
    }
    lines_free(lines);
    return parser_years_over(run->parser);
}

/* Look through ${file} before it is read.  What is wrong with it will be said
 * then. */
static struct years find_years(
    struct events_run *run, const struct path_entry *file)
{
    struct years years = {NULL, 0, false};
    if (file->size < 0 || strcmp(file->path, "-") == 0) {
        return years;
    }
    struct members *members = members_open(file, MEMBERS_QUIET);
    const struct member *log = NULL;
    years.failed = members == NULL;
    while (members != NULL && (log = members_next(members)) != NULL) {
        years.back = memory_grow(years.back, years.n + 1, sizeof(*years.back));
        years.back[years.n++] = find_years_back(run, log);
    }
    members_close(members);
    return years;
}

static void give_event(struct events_run *run, const struct event *e)
{
    struct verdict verdict;
    run->summary->n_events++;
    classifier_judge(run->classifier, e, &verdict);
    run->ended = !run->taker(run->taker_context, e, &verdict);
}

static void read_lines(
    struct events_run *run, struct lines *lines, const struct decoder *d)
{
    struct span line;
    struct parsed_line parsed;
    while (!is_stopping(run) && lines_next(lines, &line)) {
        bool cut_off =
            decoder_damage(d) != NULL || !decoder_shows_truncation(d);
        if (cut_off && lines_unterminated(lines)) {
            break;
        }
        parser_line(run->parser,
            parser_is_exact(run->parser) ? lines_exact(lines, line) : line,
            &parsed);
        run->summary->n_lines++;
        if (parsed.class == LINE_EVENT) {
            do {
                give_event(run, &parsed.event);
            } while (!is_stopping(run) && parser_more(run->parser, &parsed));
        }
    }
}

static void read_log(
    struct events_run *run, const struct member *log, int years_back)
{
    const char *path = log->shown.path;
    struct lines *lines = lines_create(log->decoder, NULL);
    restart(run, log, years_back);
    read_lines(run, lines, log->decoder);
    if (decoder_damage(log->decoder) != NULL) {
        run->summary->n_damaged++;
        diag_warn("%s: %s at byte %" PRIu64 " of the unpacked log", path,
            decoder_damage(log->decoder), decoder_offset(log->decoder));
    }
    if (parser_years_over(run->parser) > 0 && !is_stopping(run)) {
        diag_warn("%s: spans several years, which shows only at its end: save "
                  "it to a file, or give the last year with --year",
            path);
    }
    run->summary->n_overlong += lines_n_overlong(lines);
    lines_free(lines);
}

static void read_file(struct events_run *run, const struct path_entry *file)
{
    struct years years = find_years(run, file);
    struct members *members =
        years.failed ? NULL : members_open(file, MEMBERS_REPORT);
    const struct member *log = NULL;
    size_t n = 0;
    while (members != NULL && !is_stopping(run) &&
           (log = members_next(members)) != NULL) {
        read_log(run, log, n < years.n ? years.back[n] : 0);
        n++;
    }
    run->summary->n_failed += members == NULL ? 1 : members_n_skipped(members);
    run->summary->n_damaged += members != NULL && members_damaged(members);
    members_close(members);
    free(years.back);
}

void pipeline_events(const struct pipeline_context *context,
    const struct path_list *paths, pipeline_event_taker *taker,
    void *taker_context, struct pipeline_summary *summary)
{
    *summary = (struct pipeline_summary){.n_files = paths->n};
    struct parser_options options = {.formats = context->formats};
    struct events_run run = {.context = context,
        .summary = summary,
        .parser = parser_create(&options),
        .classifier = classifier_create(context->rules, context->knowledge),
        .taker = taker,
        .taker_context = taker_context};
    for (size_t i = 0; i < paths->n && !is_stopping(&run); i++) {
        read_file(&run, &paths->entries[i]);
    }
    summary->stopped = context->stop != NULL && *context->stop != 0;
    classifier_free(run.classifier);
    parser_free(run.parser);
}
