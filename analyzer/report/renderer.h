/* SPDX-License-Identifier: MIT */
/* report/renderer.h - one output format: how a table is written in it. */
#ifndef REPORT_RENDERER_H
#define REPORT_RENDERER_H

#include "base/buffer.h"
#include "report/table.h"

/*
 * Adding a format is one file that exports one of these, named in report.c.
 */
struct renderer {
    const char *name;   /* as in -f NAME */
    const char *suffix; /* of its files: ".csv" */
    bool is_complete;   /* true: programs read it, so no row is left out */
    /* Append ${table} to ${out}; ${width} is the line length for text. */
    void (*table)(struct buffer *out, const struct table *table, size_t width);
    /* Before the first, between two, and after the last of ${n} tables. */
    void (*begin)(struct buffer *out, size_t n);
    const char *between;
    void (*end)(struct buffer *out, size_t n);
};

#endif
