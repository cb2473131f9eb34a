/* SPDX-License-Identifier: MIT */
/* report/html_table.h - one table of the page. */
#ifndef REPORT_HTML_TABLE_H
#define REPORT_HTML_TABLE_H

#include "base/buffer.h"
#include "findings/lexicon.h"
#include "report/html_cross.h"
#include "report/table.h"

/* What of a table is shown, and how. */
struct html_table_view {
    const char *direction; /* only these rows, without that column; or NULL */
    const char *caption;   /* NULL: the table's title */
    const char *empty;     /* said if there is no row; NULL: "None." */
    const char *id;        /* unique in the page */
    const struct lexicon *lexicon;  /* titles of causes; may be NULL */
    const struct html_cross *cross; /* what rows are made of; may be NULL */
};

/**
 * html_table_add(out, table, view):
 * Append ${table}: a caption, headings that explain their column, bars behind
 * the column "attempts" (or "deliveries", "lines") and shares, numbers with
 * their plain value for sorting.  Columns that are empty or 0 in every row
 * are left out; at most table_limit() rows are shown.
 */
void html_table_add(struct buffer *out, const struct table *table,
    const struct html_table_view *view);

/** html_table_bar(out, share): A bar that is ${share} of its place long. */
void html_table_bar(struct buffer *out, double share);

#endif
