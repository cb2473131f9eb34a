/* SPDX-License-Identifier: MIT */
/*
 * Events without a store, in the order of their lines.  Once events were
 * given away a yearless log that spans several years can no longer be read
 * again, so such a file is looked through once before.
 */
#include "pipeline/pipeline.h"

#include "base/diag.h"
#include "classify/classifier.h"
#include "input/lines.h"
#include "parse/parser.h"
#include "pipeline/anchor.h"

#include <inttypes.h>

struct events_run {
    const struct pipeline_context *context;
    struct pipeline_summary *summary;
    struct parser *parser;
    struct classifier *classifier;
    pipeline_event_taker *taker;
    void *taker_context;
    bool ended; /* the taker wants no more */
};

static bool is_stopping(const struct events_run *run)
{
    return run->ended ||
           (run->context->stop != NULL && *run->context->stop != 0);
}

static void restart(const struct events_run *run, const struct path_entry *file,
    const struct decoder *d, int years_back)
{
    struct parser_options options = {.formats = run->context->formats,
        .zone = run->context->zone,
        .anchor = anchor_of(file, d, run->context->year, run->context->zone),
        .years_back = years_back};
    parser_restart(run->parser, &options);
}

/* How many years earlier than it seems the file begins. */
static int find_years_back(struct events_run *run, const struct path_entry *f)
{
    struct decoder *d = f->size >= 0 ? decoder_open(f->path) : NULL;
    if (d == NULL) {
        return 0;
    }
    struct lines *lines = lines_create(d, NULL);
    struct span line;
    struct parsed_line parsed;
    restart(run, f, d, 0);
    while (!is_stopping(run) && lines_next(lines, &line)) {
        parser_line(run->parser, line, &parsed);
    }
    lines_free(lines);
    decoder_close(d);
    return parser_years_over(run->parser);
}

static void give_event(struct events_run *run, const struct event *e)
{
    struct verdict verdict;
    run->summary->n_events++;
    classifier_judge(run->classifier, e, &verdict);
    run->ended = !run->taker(run->taker_context, e, &verdict);
}

static void read_lines(struct events_run *run, struct lines *lines)
{
    struct span line;
    struct parsed_line parsed;
    while (!is_stopping(run) && lines_next(lines, &line)) {
        parser_line(run->parser, line, &parsed);
        run->summary->n_lines++;
        if (parsed.class == LINE_EVENT) {
            give_event(run, &parsed.event);
        }
    }
}

static void read_file(struct events_run *run, const struct path_entry *file)
{
    int years_back = find_years_back(run, file);
    struct decoder *d = decoder_open(file->path);
    if (d == NULL) {
        run->summary->n_failed++;
        return;
    }
    struct lines *lines = lines_create(d, NULL);
    restart(run, file, d, years_back);
    read_lines(run, lines);
    if (decoder_damage(d) != NULL) {
        run->summary->n_damaged++;
        diag_warn("%s: %s at byte %" PRIu64 " of the unpacked log", file->path,
            decoder_damage(d), decoder_offset(d));
    }
    run->summary->n_overlong += lines_n_overlong(lines);
    lines_free(lines);
    decoder_close(d);
}

void pipeline_events(const struct pipeline_context *context,
    const struct path_list *paths, pipeline_event_taker *taker,
    void *taker_context, struct pipeline_summary *summary)
{
    *summary = (struct pipeline_summary){.n_files = paths->n};
    struct parser_options options = {
        .formats = context->formats, .zone = context->zone};
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
