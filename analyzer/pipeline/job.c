/* SPDX-License-Identifier: MIT */
/*
 * A log is read line by line into the worker's counter, which is written to
 * the store whenever it has grown too large, and at the end.
 *
 * The years of a log whose stamps have none follow from when it was last
 * written, on the assumption that it spans less than a year.  Where that
 * turns out wrong the rest is only looked through to learn by how many years,
 * what was written of the log is taken back, and it is read again.
 */
#include "pipeline/job.h"

#include "base/diag.h"
#include "base/limits.h"
#include "pipeline/anchor.h"
#include "pipeline/steps.h"
#include "store/write.h"

#include <inttypes.h>
#include <time.h>

enum {
    LINES_BETWEEN_LOOKS = 4096, /* at the stop flag, progress and memory */
    SETTLED_AFTER = 600,        /* seconds: a file not written to since then
                                   has a last line, even if without an end */
    MOST_TRIES = 4,             /* to find the years; two do for any log whose
                                   lines are in order */
};

static void report_progress(struct job *job)
{
    uint64_t lines = job->worker->counter.n_lines;
    run_report(job->worker, steps_path(job), lines - job->lines_told,
        members_offset(job->in.members));
    job->lines_told = lines;
}

/* ---- the store ---- */

/* Take back what the store holds of the log. */
static bool drop_source(struct job *job)
{
    struct run *run = job->worker->run;
    struct store *store = run->options->store;
    if (job->state.id == 0) {
        return true;
    }
    run_lock_store(run);
    bool ok = store_begin(store);
    if (ok && !sources_drop(store, job->state.id)) {
        store_rollback(store);
        ok = false;
    }
    ok = ok && store_commit(store);
    run_unlock_store(run, ok);
    job->state.id = 0;
    return ok;
}

/* Nothing new in the file: only the hint is worth writing. */
static void remember_unchanged(struct job *job)
{
    struct run *run = job->worker->run;
    struct store *store = run->options->store;
    const struct path_entry *file = &job->in.log->shown;
    if (file->size < 0 || decoder_read_failed(job->in.decoder)) {
        return;
    }
    run_lock_store(run);
    bool ok = store_begin(store) &&
              sources_remember(store, file->path, file->size, file->mtime,
                  job->in.known.id) &&
              store_commit(store);
    if (!ok) {
        store_rollback(store);
    }
    run_unlock_store(run, ok);
}

/* ---- reading ---- */

static void restart_parser(struct job *job, int64_t last_stamp)
{
    struct run *run = job->worker->run;
    struct parser_options options = {.formats = run->context->formats,
        .zone = zones_of(run->context->zones, steps_path(job)),
        .anchor = job->anchor,
        .years_back = job->years_back,
        .last_stamp = last_stamp};
    parser_restart(job->worker->counter.parser, &options);
}

static void begin_parsing(struct job *job)
{
    struct counter *c = &job->worker->counter;
    bool resumed = job->state.id != 0;
    bool stamped = resumed && job->state.last_stamp != SOURCES_NO_TIME;
    restart_parser(job, stamped ? job->state.last_stamp : 0);
    if (resumed) {
        parser_prime(c->parser,
            (struct span){(const char *)job->in.head, job->in.head_len});
    }
    tally_begin_source(c->tally);
    correlator_reset(c->correlator);
    held_reset(c->held);
    c->n_held = 0;
    c->run_len = 0;
    c->n_lines = 0;
    c->n_events = 0;
    job->lines_told = 0;
    job->n_overflow = 0;
    job->overlong_told = 0;
    job->overlong_before = 0;
    job->overlong_bytes_before = 0;
    job->begun_at = lines_offset(job->in.lines);
}

/* Begin with the log anew and stand at ${offset}. */
static bool reopen_at(struct job *job, uint64_t offset)
{
    struct source_state known = job->in.known;
    bool ok = intake_reopen(&job->in) == INTAKE_NEW;
    job->in.known = known;
    if (ok && !lines_skip_to(job->in.lines, offset)) {
        diag_error("%s: changed while it was read", steps_path(job));
        ok = false;
    }
    return ok;
}

/*
 * Give the parser what it knew when the log was left: read all that was taken
 * in before once more, without counting it.  If the log was left within a
 * line that has got longer since, the parser knows a little too much: that
 * line.
 */
static bool look_back(struct job *job)
{
    struct parser *parser = job->worker->counter.parser;
    uint64_t at = lines_offset(job->in.lines);
    if (!reopen_at(job, 0)) {
        return false;
    }
    restart_parser(job, 0);
    struct span line;
    struct parsed_line parsed;
    struct lines *lines = job->in.lines;
    while (lines_offset(lines) < at && lines_next(lines, &line)) {
        parser_line(parser,
            parser_is_exact(parser) ? lines_exact(lines, line) : line, &parsed);
    }
    if (lines_offset(lines) != at && !reopen_at(job, at)) {
        return false;
    }
    job->overlong_before = lines_n_overlong(job->in.lines);
    job->overlong_bytes_before = lines_overlong_bytes(job->in.lines);
    job->overlong_told = job->overlong_before;
    return true;
}

/* The state to begin with, from the store if the source is known. */
static bool begin_source(struct job *job)
{
    struct run *run = job->worker->run;
    job->state = job->in.known;
    if (job->state.id == 0) {
        job->state = (struct source_state){
            .damaged_at = -1, .last_stamp = SOURCES_NO_TIME};
    }
    begin_parsing(job);
    if (job->state.id == 0) {
        return true;
    }
    if (job->state.looks_back && members_is_regular(job->in.members) &&
        !look_back(job)) {
        return false;
    }
    run_lock_store(run);
    int64_t n_held = 0;
    bool ok = write_restore(run->options->store, job->state.id,
                  job->worker->counter.correlator) &&
              write_held(run->options->store, job->state.id, &n_held);
    job->worker->counter.n_held = (size_t)n_held;
    run_unlock_store(run, ok);
    return ok;
}

/* Is it sure that nothing will be added to the last line? */
static bool is_settled(const struct job *job)
{
    const struct path_entry *file = &job->in.log->shown;
    const struct decoder *d = job->in.decoder;
    if (decoder_damage(d) != NULL || !decoder_shows_truncation(d)) {
        return false;
    }
    bool plain = strcmp(decoder_container(d), "plain") == 0;
    int64_t age = (int64_t)time(NULL) - file->mtime / 1000000000;
    return !plain || file->size < 0 || age > SETTLED_AFTER;
}

enum reading { READING_DONE, READING_STOPPED, READING_FAILED, READING_AGAIN };

static enum reading look_around(struct job *job)
{
    report_progress(job);
    if (parser_years_over(job->worker->counter.parser) > 0) {
        return READING_AGAIN;
    }
    if (job->belt == NULL) {
        steps_hire(job);
    }
    if (steps_are_due(job) && !steps_write(job, false)) {
        return READING_FAILED;
    }
    return run_is_stopping(job->worker->run) ? READING_STOPPED : READING_DONE;
}

/* Read the lines there are; READING_AGAIN if the years came out wrong. */
static enum reading read_lines(struct job *job)
{
    struct counter *c = &job->worker->counter;
    struct lines *lines = job->in.lines;
    struct span line;
    unsigned n = 0;
    while (lines_next(lines, &line)) {
        if (lines_unterminated(lines) && !is_settled(job)) {
            lines_decline(lines);
            job->unfinished = decoder_damage(job->in.decoder) == NULL &&
                              decoder_shows_truncation(job->in.decoder);
            diag_info("%s: the last line is not finished: left for later",
                steps_path(job));
            break;
        }
        counter_line(
            c, parser_is_exact(c->parser) ? lines_exact(lines, line) : line);
        if (++n == LINES_BETWEEN_LOOKS) {
            n = 0;
            enum reading r = look_around(job);
            if (r != READING_DONE) {
                return r;
            }
        }
    }
    report_progress(job);
    if (parser_years_over(c->parser) > 0) {
        return READING_AGAIN;
    }
    if (!job->unfinished && is_settled(job)) {
        counter_rest(c);
    }
    return READING_DONE;
}

/* ---- the years ---- */

/* Look through what is left of the log: how many years is it all too late? */
static int find_years_over(struct job *job)
{
    struct parser *parser = job->worker->counter.parser;
    struct span line;
    struct parsed_line parsed;
    unsigned n = 0;
    while (lines_next(job->in.lines, &line)) {
        parser_line(parser,
            parser_is_exact(parser) ? lines_exact(job->in.lines, line) : line,
            &parsed);
        if (++n % LINES_BETWEEN_LOOKS == 0 &&
            run_is_stopping(job->worker->run)) {
            break;
        }
    }
    return parser_years_over(parser);
}

/*
 * Begin again, as many years earlier.  A source that an earlier run has left
 * in the store began with years of its own, so these are found out anew.
 */
static enum reading read_again(struct job *job)
{
    bool resumed = job->in.known.id != 0;
    int years = resumed ? 0 : find_years_over(job);
    /* what an earlier run has left is not given up for what cannot be read */
    bool stays = resumed && !members_is_regular(job->in.members);
    if (!stays && !drop_source(job)) {
        return READING_FAILED;
    }
    if (run_is_stopping(job->worker->run)) {
        return READING_STOPPED;
    }
    job->years_back += years;
    return intake_reopen(&job->in) == INTAKE_NEW && begin_source(job)
               ? READING_AGAIN
               : READING_FAILED;
}

static enum reading read_source(struct job *job)
{
    if (!begin_source(job)) {
        return READING_FAILED;
    }
    enum reading r = read_lines(job);
    for (int tries = 1; r == READING_AGAIN && tries < MOST_TRIES; tries++) {
        steps_dismiss(job);
        r = read_again(job);
        if (r == READING_STOPPED) {
            return r; /* nothing of it is worth keeping */
        }
        if (r == READING_AGAIN) {
            r = read_lines(job);
        }
    }
    bool whole = r != READING_STOPPED;
    bool ok = r != READING_FAILED && steps_write(job, whole);
    steps_dismiss(job);
    if (!ok || atomic_load(&job->worker->run->store_failed)) {
        return READING_FAILED;
    }
    return whole ? READING_DONE : r;
}

/* ---- the whole ---- */

static void name_damage(const struct job *job)
{
    const char *path = steps_path(job);
    const char *note = decoder_note(job->in.decoder);
    if (note != NULL) {
        diag_warn("%s: %s", path, note);
    }
    const char *damage = decoder_damage(job->in.decoder);
    if (damage != NULL) {
        diag_warn("%s: %s at byte %" PRIu64
                  " of the unpacked log (kept %" PRIu64 " new lines)",
            path, damage, decoder_offset(job->in.decoder),
            job->worker->counter.n_lines);
    }
    uint64_t overlong = lines_n_overlong(job->in.lines) - job->overlong_before;
    if (overlong > 0) {
        diag_warn("%s: %" PRIu64 " lines longer than %zu bytes were skipped",
            path, overlong, LIMIT_LINE_LEN);
    }
}

static void add_to_summary(
    const struct job *job, const struct job_outcome *outcome)
{
    struct run *run = job->worker->run;
    struct pipeline_summary *s = run->summary;
    pthread_mutex_lock(&run->summary_lock);
    s->n_new += outcome->news == INTAKE_NEW;
    s->n_grown += outcome->news == INTAKE_GROWN;
    s->n_unchanged += outcome->news == INTAKE_UNCHANGED;
    s->n_empty += outcome->news == INTAKE_EMPTY;
    s->n_failed += outcome->news == INTAKE_FAILED;
    s->n_damaged += outcome->damaged;
    s->stopped = s->stopped || outcome->stopped;
    if (job->in.lines != NULL) {
        s->n_overlong += lines_n_overlong(job->in.lines) - job->overlong_before;
        s->n_overflow += job->n_overflow;
        s->n_lines += job->worker->counter.n_lines;
        s->n_events += job->worker->counter.n_events;
        s->n_bytes += lines_offset(job->in.lines) - job->begun_at;
    }
    pthread_mutex_unlock(&run->summary_lock);
}

static void read_new(struct job *job, struct job_outcome *o)
{
    const struct pipeline_context *context = job->worker->run->context;
    job->anchor = anchor_of(&job->in.log->dated, job->in.decoder, context->year,
        zones_of(context->zones, steps_path(job)));
    enum reading reading = read_source(job);
    o->stopped = reading == READING_STOPPED;
    o->whole = reading == READING_DONE;
    if (reading == READING_FAILED) {
        o->news = INTAKE_FAILED;
    }
    o->source = job->state.id;
    o->consumed = job->state.consumed;
}

void job_read(struct worker *w, struct members *members,
    const struct member *log, struct job_outcome *o)
{
    struct run *run = w->run;
    struct job job = {.worker = w};
    buffer_init(&job.memory, LIMIT_MEMORY_LEN);
    w->counter.n_lines = 0;
    w->counter.n_events = 0;
    *o = (struct job_outcome){.news = intake_open(&job.in, members, log)};
    if (o->news == INTAKE_NEW) {
        claims_take(run->claims, w->number, intake_first_line(&job.in));
        o->news =
            intake_identify(&job.in, run->options->store, &run->store_lock);
    }
    if (job.in.lines != NULL) {
        job.begun_at = lines_offset(job.in.lines);
    }
    if (o->news == INTAKE_NEW || o->news == INTAKE_GROWN) {
        read_new(&job, o);
    } else if (o->news == INTAKE_UNCHANGED) {
        remember_unchanged(&job);
        o->source = job.in.known.id;
        o->consumed = job.in.known.consumed;
        o->whole = true;
        o->proves =
            job.in.known.damaged_at >= 0 &&
            decoder_damage(job.in.decoder) == NULL &&
            lines_offset(job.in.lines) == (uint64_t)job.in.known.consumed;
    } else if (o->news == INTAKE_STORE_FAILED) {
        atomic_store(&run->store_failed, true);
    } else if (o->news == INTAKE_EMPTY) {
        o->whole = true;
    }
    if (job.in.decoder != NULL) {
        name_damage(&job);
        o->damaged = decoder_damage(job.in.decoder) != NULL;
    }
    add_to_summary(&job, o);
    claims_release(run->claims, w->number);
    buffer_free(&job.memory);
    intake_close(&job.in);
}
