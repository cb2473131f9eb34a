/* SPDX-License-Identifier: MIT */
/* pipeline/proof.h - what the end of a file proves of the logs in it. */
#ifndef PIPELINE_PROOF_H
#define PIPELINE_PROOF_H

#include "pipeline/job.h"

/*
 * The checksum of an archive stands at its end, when the logs in it were read
 * long ago.  If it is wrong, any of them may be; if it is right, logs that
 * were known from a damaged archive are proven.
 */
struct proof {
    struct source_state *taken; /* in this reading; only id and consumed */
    size_t n_taken;
    struct source_state *met; /* known as damaged, all there, and intact here */
    size_t n_met;
};

/** proof_add(p, o): A log of the file was read, ${o} is what became of it. */
void proof_add(struct proof *p, const struct job_outcome *o);

/**
 * proof_conclude(p, run, corrupt):
 * The file is over.  ${corrupt} is what is wrong with one of its archives as
 * a whole, or NULL.  Mark the sources accordingly in the store of ${run}, and
 * free what ${p} holds.  Returns one that was marked as damaged, 0 if none.
 */
int64_t proof_conclude(struct proof *p, struct run *run, const char *corrupt);

#endif
