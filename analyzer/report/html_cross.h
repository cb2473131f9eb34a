/* SPDX-License-Identifier: MIT */
/* report/html_cross.h - what a click on a cause or a provider leaves over. */
#ifndef REPORT_HTML_CROSS_H
#define REPORT_HTML_CROSS_H

#include "base/buffer.h"
#include "report/gather.h"

/*
 * The page narrows its tables without asking anybody, so each row carries what
 * it is made of as numbers: kinds are the rows of the report "causes" of the
 * direction, places its mailbox providers (outbound) or hosts of ours
 * (inbound), in the order of their reports.
 */
struct html_cross;

/** html_cross_create(g, direction): The numbers of ${direction}; borrows
 * ${g}; ends with html_cross_free(). */
struct html_cross *html_cross_create(
    const struct gather *g, const char *direction);

/**
 * html_cross_add_row(out, x, table, row):
 * Append the attribute data-met="KIND:PLACE:ATTEMPTS …" for a row of one of the
 * page's tables (KIND or PLACE is empty where the table does not say), or
 * nothing if the table knows neither.
 */
void html_cross_add_row(struct buffer *out, const struct html_cross *x,
    const struct table *table, size_t row);

/** html_cross_add_cause(out, x, kind): The same for all of ${kind}. */
void html_cross_add_cause(
    struct buffer *out, const struct html_cross *x, size_t kind);

/**
 * html_cross_add_heat(out, x):
 * Append a table of causes by places, coloured by attempts; nothing if there
 * are less than two places.
 */
void html_cross_add_heat(struct buffer *out, const struct html_cross *x);

/** html_cross_free(x): End ${x}.  NULL does nothing. */
void html_cross_free(struct html_cross *x);

#endif
