/* SPDX-License-Identifier: MIT */
#include "pipeline/run.h"

bool run_is_stopping(const struct run *run)
{
    const volatile sig_atomic_t *stop = run->context->stop;
    return atomic_load(&run->store_failed) || (stop != NULL && *stop != 0);
}

void run_lock_store(struct run *run)
{
    pthread_mutex_lock(&run->store_lock);
}

void run_unlock_store(struct run *run, bool ok)
{
    pthread_mutex_unlock(&run->store_lock);
    if (!ok) {
        atomic_store(&run->store_failed, true);
    }
}

void run_report(
    struct worker *w, const char *path, uint64_t n_lines, uint64_t n_bytes)
{
    struct run *run = w->run;
    struct pipeline_progress *p = &run->progress;
    pthread_mutex_lock(&run->summary_lock);
    p->n_lines += n_lines;
    if (n_bytes > w->bytes_told) { /* less when a file is read again */
        p->bytes_read += n_bytes - w->bytes_told;
        w->bytes_told = n_bytes;
    }
    p->path = path;
    if (run->options->progress != NULL) {
        run->options->progress(run->options->progress_context, p);
    }
    pthread_mutex_unlock(&run->summary_lock);
}
