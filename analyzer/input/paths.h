/* SPDX-License-Identifier: MIT */
/* input/paths.h - from what the user named to the files to read. */
#ifndef INPUT_PATHS_H
#define INPUT_PATHS_H

#include "base/span.h"

struct path_entry {
    char *path;    /* "-" is standard input */
    int64_t size;  /* bytes as the file lies there; -1: not a regular file */
    int64_t mtime; /* last change, nanoseconds since 1970; 0: not regular */
};

/* Owns its entries and their paths. */
struct path_list {
    struct path_entry *entries;
    size_t n;
    size_t n_errors;  /* paths that are missing or cannot be read */
    size_t n_skipped; /* what is neither file nor directory, or nested too
                         deeply; each was named on standard error */
};

/**
 * paths_expand(argv, n):
 * Expand the ${n} paths of ${argv} in their order.  Directories are walked to
 * LIMIT_WALK_DEPTH, symbolic links are followed, and what a directory holds
 * comes sorted by name (bytes, not locale).  One file (device and inode) is
 * listed once and one directory walked once, under the first name they are
 * met by, so links that form a loop do no harm.  A named FIFO is read; one
 * met in a directory is skipped, for opening it would block.  Problems are
 * reported, one line each, and counted.  paths_free() ends the list.
 */
struct path_list *paths_expand(const char *const *argv, size_t n);

/** paths_free(list): End ${list}.  NULL does nothing. */
void paths_free(struct path_list *list);

#endif
