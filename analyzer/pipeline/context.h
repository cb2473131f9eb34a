/* SPDX-License-Identifier: MIT */
/* pipeline/context.h - what a run is given, and what it says of itself. */
#ifndef PIPELINE_CONTEXT_H
#define PIPELINE_CONTEXT_H

#include "aggregate/privacy.h"
#include "classify/knowledge.h"
#include "classify/rules.h"
#include "input/paths.h"
#include "parse/formats.h"
#include "parse/zones.h"
#include "store/store.h"

#include <signal.h>

/* What every run needs; all borrowed, and outliving it. */
struct pipeline_context {
    const struct formats *formats;
    const struct rules *rules;
    const struct knowledge *knowledge;
    const struct networks *own;        /* of ours; NULL: not known */
    const struct zones *zones;         /* of stamps without an offset */
    int year;                          /* of yearless stamps; 0: inferred */
    const volatile sig_atomic_t *stop; /* not 0: end soon; may be NULL */
};

/* How far a run is; numbers of the whole run. */
struct pipeline_progress {
    uint64_t bytes_read;  /* as the files lie there */
    uint64_t bytes_total; /* of all files; 0 while unknown */
    uint64_t n_lines;
    size_t n_files_done;
    size_t n_files;
    const char *path; /* the file read last */
};

struct pipeline_ingest_options {
    const struct path_list *paths;
    struct store *store;
    size_t n_workers;              /* 1: everything in the calling thread */
    const struct privacy *privacy; /* NULL: local parts are masked */
    /* called now and then, by one thread at a time; may be NULL */
    void (*progress)(void *context, const struct pipeline_progress *p);
    void *progress_context;
};

/* A file is one log, or an archive that holds several. */
struct pipeline_summary {
    size_t n_files;
    size_t n_new;
    size_t n_grown;
    size_t n_unchanged;
    size_t n_empty;
    size_t n_damaged; /* of these logs; each was named */
    size_t n_failed;  /* could not be read; each was named */
    uint64_t n_lines; /* read now */
    uint64_t n_events;
    uint64_t n_overlong;
    int64_t n_overflow; /* facts counted under "(other)" */
    uint64_t n_bytes;   /* uncompressed, read now */
    bool stopped;       /* *stop was set before all was done */
    bool store_failed;  /* reported; what was committed stays */
};

#endif
