/* SPDX-License-Identifier: MIT */
/* report/html_page.h - the frame of one self-contained HTML page. */
#ifndef REPORT_HTML_PAGE_H
#define REPORT_HTML_PAGE_H

#include "base/buffer.h"

/*
 * The page loads nothing: style and scripts stand in it, and its
 * Content-Security-Policy allows only these, by their SHA-256, so that log
 * text that got past the escaping would still be inert.
 */
struct html_section {
    const char *id;
    const char *title;
};

/** html_page_begin(out, title, sections, n): Everything up to the content:
 * head, and the navigation to ${n} ${sections}. */
void html_page_begin(struct buffer *out, const char *title,
    const struct html_section *sections, size_t n);

/** html_page_section(out, section, note): Begin a section; ${note} explains
 * it in a sentence, NULL if there is nothing to explain. */
void html_page_section(
    struct buffer *out, const struct html_section *section, const char *note);

/** html_page_section_end(out): End it. */
void html_page_section_end(struct buffer *out);

/** html_page_direction(out, direction): Begin the part of a section that is
 * about ${direction}, with a heading that says so.  Parts of one direction can
 * be hidden by the reader. */
void html_page_direction(struct buffer *out, const char *direction);

/** html_page_direction_end(out): End it. */
void html_page_direction_end(struct buffer *out);

/** html_page_end(out, data): The rest of the page; ${data} is the JSON that
 * the script draws, made by escape_json(); SPAN_NONE if there is none. */
void html_page_end(struct buffer *out, struct span data);

#endif
