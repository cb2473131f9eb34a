/* SPDX-License-Identifier: MIT */
/* report/html_charts.h - what the page's script draws, as JSON. */
#ifndef REPORT_HTML_CHARTS_H
#define REPORT_HTML_CHARTS_H

#include "base/buffer.h"
#include "report/gather.h"

/**
 * html_charts_data(out, g):
 * Append {"charts": [{"id", "kind", "step", "times": [Unix seconds …],
 * "series": [{"name", "cause", "values": [number or null …]} …]} …]}.  The
 * id is that of the canvas; kind is "stacked" (failed attempts by cause) or
 * "rate" (failure rate).
 */
void html_charts_data(struct buffer *out, const struct gather *g);

/** html_charts_canvas(out, direction): Append the places to draw on for
 * ${direction}; hidden until the script is there. */
void html_charts_canvas(struct buffer *out, const char *direction);

#endif
