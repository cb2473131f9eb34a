/* SPDX-License-Identifier: MIT */
/* store/sources.h - which log streams the store holds, and how far. */
#ifndef STORE_SOURCES_H
#define STORE_SOURCES_H

#include "store/store.h"

enum { SOURCES_HASH_LEN = 16 }; /* XXH3-128, big endian (canonical form) */

/* Times that are not known. */
#define SOURCES_NO_TIME INT64_MIN

/*
 * The state of one source.  sources_candidates() gives copies on the heap,
 * which sources_free() takes back; for write_step() the caller fills one with
 * bytes of its own.
 */
struct source_state {
    int64_t id;       /* 0: not in the store yet */
    struct span head; /* the first min(4096, consumed) bytes; write only */
    size_t head_len;  /* read only */
    unsigned char head_hash[SOURCES_HASH_LEN]; /* read only */
    int64_t base;     /* consumed as stored: kept by the store, 0 if new */
    int64_t consumed; /* uncompressed bytes taken in */
    unsigned char content_hash[SOURCES_HASH_LEN]; /* XXH3-128 of those */
    struct span marks;  /* as identity_marks() gives them */
    int64_t damaged_at; /* uncompressed offset; -1: not damaged */
    const char *damage; /* why; NULL: not damaged */
    int64_t last_stamp; /* microseconds UTC, or SOURCES_NO_TIME */
    const char *container;
    const char *name; /* path it was last read under */
    int64_t bytes_skipped;
    int64_t overflow;
    struct span memory; /* what is open at its end (parse/keeping.h); write
                           only */
    bool looks_back; /* to read on takes the lines before (parser_looks_back())
                      */
};

/**
 * sources_candidates(s, head, found):
 * The sources whose stored head begins ${head}, the first bytes (up to 4,096)
 * of a new stream: those that took in most come first.  Return their number
 * and store them in ${found}; -1 on failure.
 */
int sources_candidates(
    struct store *s, struct span head, struct source_state **found);

/** sources_free(found, n): Take back what sources_candidates() gave. */
void sources_free(struct source_state *found, int n);

/**
 * sources_put(s, state):
 * Insert the source (id 0) or update it; sets state->id.  Must be called in a
 * transaction; write_step() does it.  False on failure, and if the store no
 * longer holds the state that ${state} goes on from, because another process
 * has read the same log meanwhile.
 */
bool sources_put(struct store *s, struct source_state *state);

/**
 * sources_judge(s, state, damage):
 * Of the source state->id, as long as it has taken in state->consumed: it was
 * read from an archive that turned out damaged, which counts as ${damage} at
 * its end unless it has one of its own; NULL: it is intact.  Must be called
 * in a transaction.
 */
bool sources_judge(
    struct store *s, const struct source_state *state, const char *damage);

/** sources_same(s, state, id): Set ${id} to the source that has taken in just
 * what ${state} has, 0 if there is none; false on failure. */
bool sources_same(
    struct store *s, const struct source_state *state, int64_t *id);

/**
 * sources_drop(s, id):
 * Delete the source ${id} with all its facts and the hints of where it lay,
 * and mark the derived tables as behind.  Must be called in a transaction.
 */
bool sources_drop(struct store *s, int64_t id);

/* Files as they were when they were read last. */
struct source_hints;

/** sources_hints_load(s): All path hints; NULL on failure.  Ends with
 * sources_hints_free(). */
struct source_hints *sources_hints_load(struct store *s);

/**
 * sources_hint(h, path, size, mtime, damage):
 * True if the file at ${path} had ${size} bytes and ${mtime} (nanoseconds)
 * when all of it was taken in.  ${damage} is set to what was wrong with it
 * (valid as long as ${h}), or NULL.
 */
bool sources_hint(const struct source_hints *h, const char *path, int64_t size,
    int64_t mtime, const char **damage);

/** sources_hints_free(h): End ${h}.  NULL does nothing. */
void sources_hints_free(struct source_hints *h);

/** sources_remember(s, path, size, mtime, source): Keep the hint that ${path}
 * is wholly taken in; ${source} is 0 if it holds several (an archive). */
bool sources_remember(struct store *s, const char *path, int64_t size,
    int64_t mtime, int64_t source);

/** sources_forget(s, path): Drop the hint. */
bool sources_forget(struct store *s, const char *path);

#endif
