/* SPDX-License-Identifier: MIT */
#include "base/embedded.h"

/*
 * Both are made by the build (analyzer/embed.sh): the files, sorted by path,
 * and how many there are.
 */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_n_files;

const struct embedded_file *embedded_find(const char *path)
{
    for (size_t i = 0; i < embedded_n_files; i++) {
        if (strcmp(embedded_files[i].path, path) == 0) {
            return &embedded_files[i];
        }
    }
    return NULL;
}

const struct embedded_file *embedded_next(
    const char *prefix, const struct embedded_file *after)
{
    size_t i = after != NULL ? (size_t)(after - embedded_files) + 1 : 0;
    for (; i < embedded_n_files; i++) {
        if (strncmp(embedded_files[i].path, prefix, strlen(prefix)) == 0) {
            return &embedded_files[i];
        }
    }
    return NULL;
}
