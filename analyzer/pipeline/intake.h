/* SPDX-License-Identifier: MIT */
/* pipeline/intake.h - begin with one log and find out what of it is new. */
#ifndef PIPELINE_INTAKE_H
#define PIPELINE_INTAKE_H

#include "input/lines.h"
#include "pipeline/members.h"
#include "store/sources.h"

#include <pthread.h>

enum intake_news {
    INTAKE_FAILED = 0, /* could not be read; reported */
    INTAKE_STORE_FAILED,
    INTAKE_EMPTY,     /* holds not one byte */
    INTAKE_NEW,       /* a source the store does not know */
    INTAKE_GROWN,     /* a known source that may go on */
    INTAKE_UNCHANGED, /* a known source, or an older copy of one */
};

/*
 * A log being read.  After INTAKE_NEW, INTAKE_GROWN or INTAKE_UNCHANGED the
 * lines stand at the first byte that is not yet in the store.
 */
struct intake {
    struct members *members;  /* borrowed */
    const struct member *log; /* borrowed from the members */
    struct decoder *decoder;  /* the log's; NULL once it cannot be read */
    struct identity *identity;
    struct lines *lines;
    struct source_state known; /* the source in the store; id 0: none */
    unsigned char head[4096];  /* the stream's first bytes */
    size_t head_len;
};

/** intake_open(in, members, log): Begin with ${log}, the current one of
 * ${members}, without looking into the store: INTAKE_NEW or INTAKE_EMPTY.
 * intake_close() ends it. */
enum intake_news intake_open(
    struct intake *in, struct members *members, const struct member *log);

/** intake_reopen(in): Begin with the same log anew, as intake_open() did;
 * INTAKE_FAILED, having reported the reason, if that cannot be. */
enum intake_news intake_reopen(struct intake *in);

/** intake_first_line(in): The first line of an opened log, or what of it
 * lies in the head. */
struct span intake_first_line(const struct intake *in);

/**
 * intake_identify(in, store, lock):
 * Compare ${in}, which was just opened, with the sources in ${store} (used
 * under ${lock}), reading as far as that takes.
 */
enum intake_news intake_identify(
    struct intake *in, struct store *store, pthread_mutex_t *lock);

/** intake_close(in): End ${in}, not its log; may be called in any state. */
void intake_close(struct intake *in);

#endif
