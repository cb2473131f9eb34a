/* SPDX-License-Identifier: MIT */
/*
 * The threads.
 *
 * A run has a list of files and a number of workers.  Each worker takes the
 * next file from the list and carries it through all stages by itself:
 *
 *   decoder -> lines -> parser -> classifier -> correlator -> tally
 *
 * These belong to the worker alone and are made once for the run, so the
 * stages take no lock and allocate next to nothing.  When the tally has grown
 * to LIMIT_TALLY_BYTES, and at the end of the file, the worker writes one step
 * to the store: the only thing that workers share, guarded by store_lock.
 * There is no queue, hence none that could grow: a worker that must wait for
 * the lock stops reading.
 *
 * Facts carry their source and a source is read by one worker, so what the
 * store holds in the end does not depend on who was first.  Two files with
 * the same content are the exception, and claims.h keeps them apart in time.
 * What joins sources (senders across rotated files, duplicate hours) is
 * derived once at the end, from all of them.
 *
 * With one worker the same code runs in the calling thread.
 */
#include "pipeline/pipeline.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "pipeline/anchor.h"
#include "pipeline/claims.h"
#include "pipeline/counter.h"
#include "pipeline/intake.h"
#include "store/resolve.h"
#include "store/write.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    LINES_BETWEEN_LOOKS = 4096, /* at the stop flag, progress and memory */
    SETTLED_AFTER = 600,        /* seconds: a file not written to since then
                                   has a last line, even if without an end */
};

struct run {
    const struct pipeline_context *context;
    const struct pipeline_ingest_options *options;
    struct source_hints *hints; /* read only */
    struct claims *claims;
    atomic_size_t next_file;
    atomic_bool store_failed;
    pthread_mutex_t store_lock;   /* guards options->store */
    pthread_mutex_t summary_lock; /* guards summary, progress */
    struct pipeline_summary *summary;
    struct pipeline_progress progress;
};

struct worker {
    struct run *run;
    size_t number;
    struct counter counter;
    pthread_t thread;
};

/* One file on its way through a worker. */
struct job {
    struct worker *worker;
    struct intake in;
    struct source_state state; /* what the store holds, or will */
    int64_t anchor;
    int years_back;
    uint64_t lines_seen; /* told to the progress */
    uint64_t compressed_seen;
    uint64_t overlong_seen;
};

static bool is_stopping(const struct run *run)
{
    const volatile sig_atomic_t *stop = run->context->stop;
    return atomic_load(&run->store_failed) || (stop != NULL && *stop != 0);
}

static void report_progress(struct job *job)
{
    struct run *run = job->worker->run;
    uint64_t lines = job->worker->counter.n_lines;
    uint64_t bytes = decoder_compressed_offset(job->in.decoder);
    pthread_mutex_lock(&run->summary_lock);
    run->progress.n_lines += lines - job->lines_seen;
    run->progress.bytes_read += bytes - job->compressed_seen;
    run->progress.path = job->in.file->path;
    if (run->options->progress != NULL) {
        run->options->progress(run->options->progress_context, &run->progress);
    }
    pthread_mutex_unlock(&run->summary_lock);
    job->lines_seen = lines;
    job->compressed_seen = bytes;
}

static void fill_state(struct job *job, bool at_end)
{
    struct source_state *s = &job->state;
    struct intake *in = &job->in;
    lines_settle(in->lines);
    s->consumed = (int64_t)lines_offset(in->lines);
    s->head = (struct span){(const char *)in->head, in->head_len};
    if ((int64_t)s->head.len > s->consumed) {
        s->head.len = (size_t)s->consumed;
    }
    identity_content(in->identity, s->content_hash);
    s->marks = identity_marks(in->identity);
    s->damage = at_end ? decoder_damage(in->decoder) : NULL;
    s->damaged_at =
        s->damage != NULL ? (int64_t)decoder_offset(in->decoder) : -1;
    s->last_stamp = parser_last_stamp(job->worker->counter.parser);
    s->container = decoder_container(in->decoder);
    s->name = in->file->path;
    s->overflow += tally_overflow(job->worker->counter.tally);
    s->bytes_skipped = (int64_t)lines_overlong_bytes(in->lines);
}

/* Write what was counted so far; ${whole}: the file is done. */
static bool write_now(struct job *job, bool at_end, bool whole)
{
    struct run *run = job->worker->run;
    struct counter *c = &job->worker->counter;
    uint64_t overlong = lines_n_overlong(job->in.lines);
    counter_overlong(c, overlong - job->overlong_seen);
    job->overlong_seen = overlong;
    counter_settle(c);
    fill_state(job, at_end);
    struct write_step step = {.state = &job->state,
        .tally = c->tally,
        .correlator = c->correlator,
        .path = whole && job->in.file->size >= 0 ? job->in.file->path : NULL,
        .size = job->in.file->size,
        .mtime = job->in.file->mtime};
    pthread_mutex_lock(&run->store_lock);
    bool ok = write_step(run->options->store, &step);
    pthread_mutex_unlock(&run->store_lock);
    if (!ok) {
        atomic_store(&run->store_failed, true);
        return false;
    }
    tally_reset(c->tally);
    correlator_written(c->correlator);
    return true;
}

static void begin_parsing(struct job *job)
{
    struct run *run = job->worker->run;
    struct counter *c = &job->worker->counter;
    bool resumed = job->state.id != 0;
    struct parser_options options = {.formats = run->context->formats,
        .zone = run->context->zone,
        .anchor = job->anchor,
        .years_back = job->years_back,
        .last_stamp = resumed && job->state.last_stamp != SOURCES_NO_TIME
                          ? job->state.last_stamp
                          : 0};
    parser_restart(c->parser, &options);
    tally_begin_source(c->tally);
    correlator_reset(c->correlator);
    c->run_len = 0;
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
    pthread_mutex_lock(&run->store_lock);
    bool ok = write_restore(
        run->options->store, job->state.id, job->worker->counter.correlator);
    pthread_mutex_unlock(&run->store_lock);
    if (!ok) {
        atomic_store(&run->store_failed, true);
    }
    return ok;
}

/* Is it sure that nothing will be added to the last line? */
static bool is_settled(const struct job *job)
{
    const struct path_entry *file = job->in.file;
    bool plain = strcmp(decoder_container(job->in.decoder), "plain") == 0;
    int64_t age = (int64_t)time(NULL) - file->mtime / 1000000000;
    return !plain || file->size < 0 || age > SETTLED_AFTER;
}

enum reading { READING_DONE, READING_STOPPED, READING_FAILED, READING_AGAIN };

static enum reading look_around(struct job *job)
{
    struct counter *c = &job->worker->counter;
    report_progress(job);
    if (parser_years_over(c->parser) > 0 && job->state.id == 0) {
        return READING_AGAIN;
    }
    if (counter_bytes(c) > LIMIT_TALLY_BYTES && !write_now(job, false, false)) {
        return READING_FAILED;
    }
    return is_stopping(job->worker->run) ? READING_STOPPED : READING_DONE;
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
            diag_info("%s: the last line is not finished: left for later",
                job->in.file->path);
            break;
        }
        counter_line(c, line);
        if (++n == LINES_BETWEEN_LOOKS) {
            n = 0;
            enum reading r = look_around(job);
            if (r != READING_DONE) {
                return r;
            }
        }
    }
    report_progress(job);
    return parser_years_over(c->parser) > 0 && job->state.id == 0
               ? READING_AGAIN
               : READING_DONE;
}

/* A yearless source turned out to span more years than its first line's year
 * allowed: begin again, as many years earlier. */
static bool read_again(struct job *job)
{
    const struct path_entry *file = job->in.file;
    int years = parser_years_over(job->worker->counter.parser);
    if (strcmp(file->path, "-") == 0) {
        diag_error("-: spans several years; save it to a file, or give the "
                   "last one with --year");
        return false;
    }
    job->years_back += years;
    intake_close(&job->in);
    if (intake_open(&job->in, file) != INTAKE_NEW) {
        return false;
    }
    job->compressed_seen = 0;
    return true;
}

static enum reading read_source(struct job *job)
{
    enum reading r = READING_AGAIN;
    for (int tries = 0; r == READING_AGAIN && tries < 4; tries++) {
        if (tries > 0 && !read_again(job)) {
            return READING_FAILED;
        }
        if (!begin_source(job)) {
            return READING_FAILED;
        }
        r = read_lines(job);
    }
    bool whole = r != READING_STOPPED;
    if (r == READING_FAILED || !write_now(job, whole, whole)) {
        return READING_FAILED;
    }
    return r;
}

static void name_damage(const struct job *job)
{
    const char *note = decoder_note(job->in.decoder);
    if (note != NULL) {
        diag_warn("%s: %s", job->in.file->path, note);
    }
    const char *damage = decoder_damage(job->in.decoder);
    if (damage != NULL) {
        diag_warn("%s: %s at byte %" PRIu64
                  " of the unpacked log (kept %" PRIu64 " lines)",
            job->in.file->path, damage, decoder_offset(job->in.decoder),
            job->worker->counter.n_lines);
    }
    uint64_t overlong = lines_n_overlong(job->in.lines);
    if (overlong > 0) {
        diag_warn("%s: %" PRIu64 " lines longer than %zu bytes were skipped",
            job->in.file->path, overlong, LIMIT_LINE_LEN);
    }
}

static void add_to_summary(
    struct job *job, enum intake_news news, enum reading reading, uint64_t from)
{
    struct run *run = job->worker->run;
    struct pipeline_summary *s = run->summary;
    pthread_mutex_lock(&run->summary_lock);
    s->n_new += news == INTAKE_NEW;
    s->n_grown += news == INTAKE_GROWN;
    s->n_unchanged += news == INTAKE_UNCHANGED;
    s->n_empty += news == INTAKE_EMPTY;
    s->n_failed += news == INTAKE_FAILED;
    s->stopped = s->stopped || reading == READING_STOPPED;
    if (job->in.decoder != NULL) {
        s->n_damaged += decoder_damage(job->in.decoder) != NULL;
        s->n_overlong += lines_n_overlong(job->in.lines);
        s->n_lines += job->worker->counter.n_lines;
        s->n_events += job->worker->counter.n_events;
        s->n_bytes += lines_offset(job->in.lines) - from;
    }
    pthread_mutex_unlock(&run->summary_lock);
}

/* Nothing new in the file: only the hint is worth writing. */
static void remember_unchanged(struct job *job)
{
    struct run *run = job->worker->run;
    const struct path_entry *file = job->in.file;
    if (file->size < 0) {
        return;
    }
    pthread_mutex_lock(&run->store_lock);
    bool ok = store_begin(run->options->store) &&
              sources_remember(run->options->store, file->path, file->size,
                  file->mtime, job->in.known.id) &&
              store_commit(run->options->store);
    if (!ok) {
        store_rollback(run->options->store);
        atomic_store(&run->store_failed, true);
    }
    pthread_mutex_unlock(&run->store_lock);
}

static void read_file(struct worker *w, const struct path_entry *file)
{
    struct run *run = w->run;
    struct job job = {.worker = w};
    enum reading reading = READING_DONE;
    uint64_t from = 0;
    w->counter.n_lines = 0;
    w->counter.n_events = 0;
    enum intake_news news = intake_open(&job.in, file);
    if (news == INTAKE_NEW) {
        claims_take(run->claims, w->number, intake_first_line(&job.in));
        news = intake_identify(&job.in, run->options->store, &run->store_lock);
    }
    if (news == INTAKE_NEW || news == INTAKE_GROWN) {
        from = lines_offset(job.in.lines);
        job.anchor = anchor_of(
            file, job.in.decoder, run->context->year, run->context->zone);
        reading = read_source(&job);
        name_damage(&job);
    } else if (news == INTAKE_UNCHANGED) {
        remember_unchanged(&job);
    } else if (news == INTAKE_STORE_FAILED) {
        atomic_store(&run->store_failed, true);
    }
    add_to_summary(
        &job, reading == READING_FAILED ? INTAKE_FAILED : news, reading, from);
    claims_release(run->claims, w->number);
    intake_close(&job.in);
}

/* The next file that is not known to be unchanged; NULL at the end. */
static const struct path_entry *next_file(struct run *run)
{
    const struct path_list *paths = run->options->paths;
    while (!is_stopping(run)) {
        size_t i = atomic_fetch_add(&run->next_file, 1);
        if (i >= paths->n) {
            return NULL;
        }
        const struct path_entry *file = &paths->entries[i];
        const char *damage = NULL;
        if (file->size < 0 || !sources_hint(run->hints, file->path, file->size,
                                  file->mtime, &damage)) {
            return file;
        }
        if (damage != NULL) {
            diag_warn(
                "%s: %s (unchanged since it was read)", file->path, damage);
        }
        pthread_mutex_lock(&run->summary_lock);
        run->summary->n_unchanged++;
        run->summary->n_damaged += damage != NULL;
        run->progress.n_files_done++;
        run->progress.bytes_read += (uint64_t)file->size;
        pthread_mutex_unlock(&run->summary_lock);
    }
    return NULL;
}

static void *work(void *argument)
{
    struct worker *w = argument;
    const struct path_entry *file = NULL;
    while ((file = next_file(w->run)) != NULL) {
        read_file(w, file);
        pthread_mutex_lock(&w->run->summary_lock);
        w->run->progress.n_files_done++;
        pthread_mutex_unlock(&w->run->summary_lock);
    }
    return NULL;
}

static void worker_init(struct worker *w, struct run *run, size_t number)
{
    struct parser_options options = {
        .formats = run->context->formats, .zone = run->context->zone};
    w->run = run;
    w->number = number;
    w->counter.parser = parser_create(&options);
    w->counter.classifier =
        classifier_create(run->context->rules, run->context->knowledge);
    w->counter.correlator = correlator_create();
    w->counter.tally = tally_create(run->options->keep_addresses);
}

static void worker_end(struct worker *w)
{
    tally_free(w->counter.tally);
    correlator_free(w->counter.correlator);
    classifier_free(w->counter.classifier);
    parser_free(w->counter.parser);
}

/* Start the workers beyond the first; return how many there are then. */
static size_t start_threads(struct worker *workers, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            diag_warn("only %zu of %zu workers could be started", i, n);
            return i;
        }
    }
    return n;
}

static void run_workers(struct run *run)
{
    size_t n = run->options->n_workers;
    struct worker *workers = memory_zalloc(n, sizeof(*workers));
    run->claims = claims_create(n);
    for (size_t i = 0; i < n; i++) {
        worker_init(&workers[i], run, i);
    }
    size_t started = start_threads(workers, n);
    work(&workers[0]);
    for (size_t i = 1; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    for (size_t i = 0; i < n; i++) {
        worker_end(&workers[i]);
    }
    claims_free(run->claims);
    free(workers);
}

static uint64_t total_size(const struct path_list *paths)
{
    uint64_t total = 0;
    for (size_t i = 0; i < paths->n; i++) {
        if (paths->entries[i].size > 0) {
            total += (uint64_t)paths->entries[i].size;
        }
    }
    return total;
}

void pipeline_ingest(const struct pipeline_context *context,
    const struct pipeline_ingest_options *options,
    struct pipeline_summary *summary)
{
    *summary = (struct pipeline_summary){.n_files = options->paths->n};
    struct run run = {.context = context,
        .options = options,
        .summary = summary,
        .progress = {.bytes_total = total_size(options->paths),
            .n_files = options->paths->n}};
    pthread_mutex_init(&run.store_lock, NULL);
    pthread_mutex_init(&run.summary_lock, NULL);
    run.hints = sources_hints_load(options->store);
    if (run.hints != NULL) {
        run_workers(&run);
    } else {
        atomic_store(&run.store_failed, true);
    }
    bool changed = summary->n_new + summary->n_grown > 0;
    if (changed && !atomic_load(&run.store_failed) &&
        !resolve_run(options->store)) {
        atomic_store(&run.store_failed, true);
    }
    summary->store_failed = atomic_load(&run.store_failed);
    summary->stopped =
        summary->stopped || (context->stop != NULL && *context->stop != 0);
    sources_hints_free(run.hints);
    pthread_mutex_destroy(&run.summary_lock);
    pthread_mutex_destroy(&run.store_lock);
}
