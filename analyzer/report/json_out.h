/* SPDX-License-Identifier: MIT */
/* report/json_out.h - tables as JSON (RFC 8259). */
#ifndef REPORT_JSON_OUT_H
#define REPORT_JSON_OUT_H

#include "report/renderer.h"

/*
 * One object: {"report": NAME, "title": …, "about": …, "columns": [{"name",
 * "kind", "about"} …], "rows": [{COLUMN: VALUE …} …]}.  Times are RFC 3339 in
 * UTC, shares fractions, durations seconds; what is not known is null.
 */
extern const struct renderer json_out;

#endif
