/* SPDX-License-Identifier: MIT */
/* pipeline/run.h - what the workers of one ingest share; for pipeline/ only. */
#ifndef PIPELINE_RUN_H
#define PIPELINE_RUN_H

#include "pipeline/claims.h"
#include "pipeline/context.h"
#include "pipeline/counter.h"
#include "pipeline/crew.h"
#include "store/name_ids.h"
#include "store/sources.h"

#include <pthread.h>
#include <stdatomic.h>

struct run {
    const struct pipeline_context *context;
    const struct pipeline_ingest_options *options;
    struct source_hints *hints; /* read only */
    struct claims *claims;
    struct crew *crew;
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
    struct name_ids ids; /* of the counter's tally */
    uint64_t bytes_told; /* of the file it reads, to the progress */
    pthread_t thread;
};

/** run_is_stopping(run): True if the workers should come to an end. */
bool run_is_stopping(const struct run *run);

/** run_lock_store(run), run_unlock_store(run, ok): Around any use of the
 * store; if it failed (not ${ok}), the run comes to an end. */
void run_lock_store(struct run *run);
void run_unlock_store(struct run *run, bool ok);

/** run_report(w, path, n_lines, n_bytes): Tell the progress that ${w} read
 * ${n_lines} more lines, and in all ${n_bytes} of its file ${path}. */
void run_report(
    struct worker *w, const char *path, uint64_t n_lines, uint64_t n_bytes);

#endif
