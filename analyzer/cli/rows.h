/* SPDX-License-Identifier: MIT */
/* cli/rows.h - rows of named columns, as TSV or JSON lines. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdio.h>

#include "base/span.h"

struct rows;

/**
 * rows_create(out, format, columns, n_columns):
 * Rows to ${out} as "tsv" (also if ${format} is NULL; the header is written
 * at once) or "jsonl".  ${columns} holds ${n_columns} static names, in order.
 * rows_free() ends it.
 */
struct rows *rows_create(FILE *out, const char *format,
    const char *const *columns, size_t n_columns);

/** rows_put(r, value): The next column of this row; SPAN_NONE is empty in TSV
 * and null in JSON. */
void rows_put(struct rows *r, struct span value);

/** rows_put_number(r, value): The next column, a number of JSON: ${value} in
 * its notation, or SPAN_NONE. */
void rows_put_number(struct rows *r, struct span value);

/** rows_put_more(r, name, value), rows_put_more_number(r, name, value): Behind
 * the columns, where ${value} is known: a value of its own name in JSON,
 * nothing in TSV, whose columns are fixed.  ${name} is static. */
void rows_put_more(struct rows *r, const char *name, struct span value);
void rows_put_more_number(struct rows *r, const char *name, struct span value);

/** rows_end(r): End the row and write it.  Return false, having reported it,
 * if that failed. */
bool rows_end(struct rows *r);

/** rows_free(r): End ${r}.  NULL does nothing. */
void rows_free(struct rows *r);

#endif
