/* SPDX-License-Identifier: MIT */
/* report/html_mail.h - the report as the HTML part of a mail. */
#ifndef REPORT_HTML_MAIL_H
#define REPORT_HTML_MAIL_H

#include "base/buffer.h"
#include "report/gather.h"

/**
 * html_mail_write(out, g):
 * Append ${g} as mail programs show it: no script, no style sheet, nothing to
 * load; tables with inline styles, 640 pixels wide or less.  It tells what
 * needs attention, the answers, and the tops of the tables, and stays below
 * 100 KB whatever ${g} holds.
 */
void html_mail_write(struct buffer *out, const struct gather *g);

#endif
