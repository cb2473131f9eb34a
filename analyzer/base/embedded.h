/* SPDX-License-Identifier: MIT */
/* base/embedded.h - the data files that were compiled into the program. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/span.h"

/* A file of patterns/ or schema/ as it was when the program was built. */
struct embedded_file {
    const char *path; /* from the top of the tree: "patterns/codes.yaml" */
    struct span bytes;
};

/** embedded_find(path): The file at ${path}, or NULL. */
const struct embedded_file *embedded_find(const char *path);

/**
 * embedded_next(prefix, after):
 * The first file, in order of paths, whose path begins with ${prefix} and
 * that comes after ${after} (NULL: from the beginning); NULL at the end.
 */
const struct embedded_file *embedded_next(
    const char *prefix, const struct embedded_file *after);

#endif
