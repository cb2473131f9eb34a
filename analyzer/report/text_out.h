/* SPDX-License-Identifier: MIT */
/* report/text_out.h - tables for terminals and plain e-mail. */
#ifndef REPORT_TEXT_OUT_H
#define REPORT_TEXT_OUT_H

#include "report/renderer.h"

/*
 * Numbers stand at the right.  Rows of one direction stand together under its
 * name, columns that are empty or 0 in all of them are left out, and the
 * widest text columns are shortened (with an ellipsis) until a row fits the
 * width; rows that still do not fit are written as names and values.  Columns
 * of kind url and line get a line of their own below their row; a url is
 * never shortened.
 */
extern const struct renderer text_out;

/** text_out_fit(out, s, columns): Append ${s} escaped, shortened with an
 * ellipsis if it takes more than ${columns}. */
void text_out_fit(struct buffer *out, struct span s, size_t columns);

/** text_out_wrap(out, text, indent, width): Append ${text} escaped, broken at
 * blanks into lines of at most ${width} columns that begin with ${indent}
 * blanks; a longer word stands alone and is shortened. */
void text_out_wrap(
    struct buffer *out, struct span text, size_t indent, size_t width);

#endif
