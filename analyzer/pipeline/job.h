/* SPDX-License-Identifier: MIT */
/* pipeline/job.h - one log on its way through a worker. */
#ifndef PIPELINE_JOB_H
#define PIPELINE_JOB_H

#include "pipeline/intake.h"
#include "pipeline/members.h"
#include "pipeline/run.h"

/* What became of a log. */
struct job_outcome {
    enum intake_news news;
    bool whole;       /* all of it that can be read is in the store */
    bool damaged;     /* which was reported */
    bool stopped;     /* the run ends before the log does */
    bool proves;      /* the store has it all, as damaged; this copy is not */
    int64_t source;   /* its id in the store; 0: none */
    int64_t consumed; /* of that, uncompressed bytes */
};

/**
 * job_read(w, members, log, outcome):
 * Read what is new in ${log}, the current one of ${members}, into the store.
 * Where the log is a file, the hint that it is taken in is written along.
 * Adds to the run's summary; fills ${outcome}.
 */
void job_read(struct worker *w, struct members *members,
    const struct member *log, struct job_outcome *outcome);

#endif
