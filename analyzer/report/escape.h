/* SPDX-License-Identifier: MIT */
/* report/escape.h - hostile text made harmless, for each output format. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "base/buffer.h"

/*
 * All take any bytes.  Characters that steer a terminal or turn text around
 * (utf8_is_unsafe) come out visible: \t \n \r, \xNN, or \u{NNNN}.
 */

/** escape_terminal(out, s): One line of plain text; a byte that is no UTF-8
 * becomes \xNN. */
void escape_terminal(struct buffer *out, struct span s);

/** escape_html(out, s): Text or a quoted attribute value of HTML; a byte that
 * is no UTF-8 becomes U+FFFD. */
void escape_html(struct buffer *out, struct span s);

/** escape_html_prose(out, s): The same for a sentence, in which what stands
 * between backticks is <code>. */
void escape_html_prose(struct buffer *out, struct span s);

/** escape_json(out, s): A JSON string with its quotes (RFC 8259, 7); a byte
 * that is no UTF-8 becomes U+FFFD.  Also escaped are "<", ">", "&", U+2028
 * and U+2029, so that the result may stand in an HTML script element. */
void escape_json(struct buffer *out, struct span s);

/** escape_prometheus(out, s): A label's value with its quotes (text exposition
 * format 0.0.4); a byte that is no UTF-8 becomes U+FFFD. */
void escape_prometheus(struct buffer *out, struct span s);

/**
 * escape_csv(out, s):
 * One field of CSV (RFC 4180), quoted if it has to be.  A field that begins
 * with = + - @, a tab or a carriage return gets an apostrophe before it, since
 * spreadsheets would run it as a formula.  Tab, LF and CR stay; other control
 * bytes become \xNN; a byte that is no UTF-8 becomes U+FFFD.
 */
void escape_csv(struct buffer *out, struct span s);

/** escape_url_is_safe(s): True if ${s} is a http or https address without
 * blanks, control bytes and quotes, fit to become a link. */
bool escape_url_is_safe(struct span s);

#endif
