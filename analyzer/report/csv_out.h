/* SPDX-License-Identifier: MIT */
/* report/csv_out.h - tables as CSV (RFC 4180). */
#ifndef REPORT_CSV_OUT_H
#define REPORT_CSV_OUT_H

#include "report/renderer.h"

/*
 * A header line, then one line a row, each ended by CRLF.  Times are RFC 3339
 * in UTC, shares fractions, durations seconds; what is not known is empty.
 * Text that a spreadsheet would run as a formula gets an apostrophe before it
 * (escape_csv()).
 */
extern const struct renderer csv_out;

#endif
