/* SPDX-License-Identifier: MIT */
/* pipeline/steps.h - a log's counts on their way into the store. */
#ifndef PIPELINE_STEPS_H
#define PIPELINE_STEPS_H

#include "pipeline/intake.h"
#include "pipeline/run.h"

/* A log that is being read. */
struct job {
    struct worker *worker;
    struct intake in;
    struct source_state state; /* what the store holds, or will; with a belt
                                  it is the helper's until that is drained */
    struct belt *belt;         /* to the worker that counts; NULL: none */
    atomic_size_t bytes;       /* of what it has counted and not yet written */
    atomic_bool sealed;        /* it is still to write a step */
    int64_t anchor;
    int years_back;
    uint64_t begun_at;   /* offset of the first new byte */
    uint64_t lines_told; /* to the progress */
    uint64_t overlong_told;
    uint64_t overlong_before; /* in lines that were only looked back at */
    uint64_t overlong_bytes_before;
    struct buffer memory; /* what the last step has left (source_memory) */
    bool unfinished;      /* the last line may get longer */
    int64_t n_overflow;   /* facts counted under "(other)" */
};

/** steps_path(job): What messages call the log. */
const char *steps_path(const struct job *job);

/** steps_hire(job): From here on another worker counts, if one is free. */
void steps_hire(struct job *job);

/** steps_dismiss(job): When this returns all that was read is counted and
 * written as far as it was to be, and from here on the job's worker counts. */
void steps_dismiss(struct job *job);

/** steps_are_due(job): Has so much been counted that it should be written? */
bool steps_are_due(struct job *job);

/**
 * steps_write(job, whole):
 * Write what was read so far; ${whole}: the log is done.  False on failure,
 * which with a helper shows as the run's store_failed once it is dismissed.
 */
bool steps_write(struct job *job, bool whole);

#endif
