/* SPDX-License-Identifier: MIT */
/* pipeline/pipeline.h - logs to the store, and logs to events. */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "mail/event.h"
#include "mail/verdict.h"
#include "pipeline/context.h"

/**
 * pipeline_ingest(context, options, summary):
 * Read what is new in options->paths into the store and bring its derived
 * tables up to date.  Fills ${summary}.
 */
void pipeline_ingest(const struct pipeline_context *context,
    const struct pipeline_ingest_options *options,
    struct pipeline_summary *summary);

/*
 * Takes each event with its verdict; spans are valid during the call.  It may
 * return false to end the run.
 */
typedef bool pipeline_event_taker(
    void *taker_context, const struct event *e, const struct verdict *v);

/**
 * pipeline_events(context, paths, taker, taker_context, summary):
 * Give every event of ${paths} to ${taker}, in order, without a store.
 */
void pipeline_events(const struct pipeline_context *context,
    const struct path_list *paths, pipeline_event_taker *taker,
    void *taker_context, struct pipeline_summary *summary);

#endif
