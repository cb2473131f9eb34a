/* SPDX-License-Identifier: MIT */
/* report/outfile.h - write a report to its place, whole or not at all. */
#ifndef REPORT_OUTFILE_H
#define REPORT_OUTFILE_H

#include "base/span.h"

/**
 * outfile_write(path, bytes):
 * Make ${bytes} the content of the file ${path} (mode 0640): they are written
 * beside it, flushed to disk and renamed, so that a reader, a full disk or a
 * power cut never leaves half a report.  NULL or "-" is standard output.
 * Return false, having reported the reason, on failure; then ${path} is as
 * before.
 */
bool outfile_write(const char *path, struct span bytes);

/** outfile_publish(path, bytes): The same for what everybody may read (mode
 * 0644). */
bool outfile_publish(const char *path, struct span bytes);

/** outfile_make_directory(path): Make the directory ${path} (mode 0750)
 * unless it is there.  Return false, having reported the reason, on failure.
 */
bool outfile_make_directory(const char *path);

#endif
