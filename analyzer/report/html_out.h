/* SPDX-License-Identifier: MIT */
/* report/html_out.h - the whole report as one self-contained HTML file. */
#ifndef REPORT_HTML_OUT_H
#define REPORT_HTML_OUT_H

#include "report/gather.h"
#include "report/renderer.h"

/** html_out_page(out, g): Append the page that tells everything about ${g}. */
void html_out_page(struct buffer *out, const struct gather *g);

/* Single reports as a page of tables. */
extern const struct renderer html_out;

#endif
