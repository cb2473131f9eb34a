/* SPDX-License-Identifier: MIT */
/* report/html_charts.h - what the page's script draws, as JSON. */
#ifndef REPORT_HTML_CHARTS_H
#define REPORT_HTML_CHARTS_H

#include "base/buffer.h"
#include "report/gather.h"

/**
 * html_charts_data(out, g):
 * Append {"charts": [{"id", "kind", "from", "step", "n", …} …]}: ${n} steps of
 * "step" seconds from the Unix second "from" on.  The id is that of the canvas.
 * By kind:
 *   failures  "until": end of the data; "observed": failed attempts;
 * "expected", "low", "high": what was usual, if that is known; "incidents":
 * [{"from", "until", "number" (of the finding, 0: none), "severity", "title"}
 * …] mail      "series": [{"name", "key", "values"} …], key good, deferred or
 *             failed
 *   stacked   "series": [{"name", "cause", "values"} …], failed attempts
 */
void html_charts_data(struct buffer *out, const struct gather *g);

/** html_charts_canvas(out, kind, direction): Append the places to draw the
 * charts "mail" (with "failures" above it) or "stacked" of ${direction} on;
 * hidden until the script is there. */
void html_charts_canvas(
    struct buffer *out, const char *kind, const char *direction);

#endif
