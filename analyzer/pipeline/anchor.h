/* SPDX-License-Identifier: MIT */
/* pipeline/anchor.h - when a log was last written. */
#ifndef PIPELINE_ANCHOR_H
#define PIPELINE_ANCHOR_H

#include "input/decoder.h"
#include "input/paths.h"
#include "parse/zone.h"

/**
 * anchor_of(file, decoder, year, zone):
 * Seconds UTC that no line of ${file} is later than by more than a day, from
 * which the years of yearless stamps follow: the end of ${year} in ${zone} if
 * ${year} is not 0, else of the day in the file's name ("maillog-20261101.bz2",
 * "mail.2026-11-01.gz"), else the container's own time (gzip's MTIME), else the
 * file's, else now.
 */
int64_t anchor_of(const struct path_entry *file, const struct decoder *decoder,
    int year, const struct zone *zone);

/** anchor_in_name(path): The end of the day that the last part of ${path}
 * names, or 0. */
int64_t anchor_in_name(const char *path);

#endif
