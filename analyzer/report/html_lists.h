/* SPDX-License-Identifier: MIT */
/* report/html_lists.h - who blocks us, a row for each list. */
#ifndef REPORT_HTML_LISTS_H
#define REPORT_HTML_LISTS_H

#include "base/buffer.h"
#include "report/gather.h"

/** html_lists_add(out, g): Append the report "blocklists": list, address,
 * since, until or ongoing, attempts, who saw it, and where to get off it. */
void html_lists_add(struct buffer *out, const struct gather *g);

#endif
