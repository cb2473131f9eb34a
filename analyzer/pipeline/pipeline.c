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
 * A worker that must wait for the lock stops reading.
 *
 * When the list is empty, a worker that is done helps one that is not
 * (crew.h), so that a single big file has two threads:
 *
 *   decoder -> lines -> parser -> classifier -> batch | -> correlator -> tally
 *                                                        -> store
 *
 * Batches go over a belt of a few, in the order of the lines, and the helper
 * counts them one after the other with the reading worker's own correlator
 * and tally; so what comes of it is the same as without help.  It counts
 * faster than the other reads, so in between it decodes the blocks that are
 * read next (decoder_ahead.h); while it writes a step, the other decodes by
 * itself and fills the belt.  Belt and blocks are all there is between
 * threads, and neither can grow: who is too far ahead waits.
 *
 * An archive is carried through by one worker, member by member.
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
#include "base/memory.h"
#include "pipeline/job.h"
#include "pipeline/proof.h"
#include "pipeline/sessions.h"
#include "store/resolve.h"

#include <stdlib.h>

/* What the logs of one file came to. */
struct reading {
    size_t n_damaged;
    size_t n_failed;
    bool whole;             /* all logs were */
    int64_t damaged_source; /* one of them; 0: none */
    int64_t marked_source;  /* one for the damage of an archive; 0: none */
    struct proof proof;
};

/*
 * Keep the hint that the archive is wholly taken in.  It holds several
 * sources, but a damaged archive's hint names a damaged one: as long as that
 * is, a later run must say so.
 */
static void remember_archive(
    struct run *run, const struct path_entry *file, const struct reading *r)
{
    struct store *store = run->options->store;
    if (!r->whole || r->n_failed > 0 ||
        (r->n_damaged > 0 && r->damaged_source == 0)) {
        return;
    }
    run_lock_store(run);
    bool ok = store_begin(store) &&
              sources_remember(store, file->path, file->size, file->mtime,
                  r->damaged_source) &&
              store_commit(store);
    if (!ok) {
        store_rollback(store);
    }
    run_unlock_store(run, ok);
}

static void read_members(
    struct worker *w, struct members *members, struct reading *r)
{
    const struct member *log = NULL;
    while (!run_is_stopping(w->run) && (log = members_next(members)) != NULL) {
        struct job_outcome o;
        job_read(w, members, log, &o);
        proof_add(&r->proof, &o);
        r->whole = r->whole && o.whole;
        r->n_failed += o.news == INTAKE_FAILED;
        r->n_damaged += o.damaged;
        if (o.damaged && o.source != 0) {
            r->damaged_source = o.source;
        }
    }
    r->whole = r->whole && log == NULL;
    r->marked_source =
        proof_conclude(&r->proof, w->run, members_corrupt(members));
}

static void read_file(struct worker *w, const struct path_entry *file)
{
    struct run *run = w->run;
    struct reading r = {.whole = true};
    struct members *members = members_open(file, MEMBERS_REPORT);
    w->bytes_told = 0;
    if (members != NULL) {
        read_members(w, members, &r);
    }
    size_t n_skipped = members == NULL ? 1 : members_n_skipped(members);
    bool damaged = members != NULL && members_damaged(members);
    if (damaged) {
        r.n_damaged++;
        r.damaged_source = r.marked_source;
    }
    r.n_failed += n_skipped;
    if (members != NULL && members_is_archive(members) &&
        members_is_regular(members) && !members_read_failed(members)) {
        remember_archive(run, file, &r);
    }
    pthread_mutex_lock(&run->summary_lock);
    run->summary->n_failed += n_skipped;
    run->summary->n_damaged += damaged;
    pthread_mutex_unlock(&run->summary_lock);
    members_close(members);
}

/* The next file that is not known to be unchanged; NULL at the end. */
static const struct path_entry *next_file(struct run *run)
{
    const struct path_list *paths = run->options->paths;
    while (!run_is_stopping(run)) {
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
    crew_serve(w->run->crew);
    return NULL;
}

static void worker_init(struct worker *w, struct run *run, size_t number)
{
    struct parser_options options = {.formats = run->context->formats};
    w->run = run;
    w->number = number;
    w->counter.parser = parser_create(&options);
    w->counter.classifier =
        classifier_create(run->context->rules, run->context->knowledge);
    classifier_set_own(w->counter.classifier, run->context->own);
    w->counter.correlator = correlator_create();
    w->counter.tally = tally_create(run->options->privacy);
    w->counter.held = held_create();
    w->counter.privacy = run->options->privacy;
}

static void worker_end(struct worker *w)
{
    name_ids_reset(&w->ids);
    held_free(w->counter.held);
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
    run->crew = crew_create(n);
    for (size_t i = 0; i < n; i++) {
        worker_init(&workers[i], run, i);
    }
    size_t started = start_threads(workers, n);
    crew_absent(run->crew, n - started);
    work(&workers[0]);
    for (size_t i = 1; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    for (size_t i = 0; i < n; i++) {
        worker_end(&workers[i]);
    }
    crew_free(run->crew);
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
    /* Also if nothing is new: an earlier run may have been killed before. */
    if (!atomic_load(&run.store_failed) &&
        (!sessions_join(context, options->privacy, options->store) ||
            !resolve_run(options->store))) {
        atomic_store(&run.store_failed, true);
    }
    summary->store_failed = atomic_load(&run.store_failed);
    summary->stopped =
        summary->stopped || (context->stop != NULL && *context->stop != 0);
    sources_hints_free(run.hints);
    pthread_mutex_destroy(&run.summary_lock);
    pthread_mutex_destroy(&run.store_lock);
}
