/* SPDX-License-Identifier: MIT */
/*
 * Browsers end lines at hyphens and blanks, and a date torn in two is misread.
 * Text stays what it is, so that it can be copied: it is only wrapped.
 */
#include "report/html_words.h"

#include "report/escape.h"

/* The length of what ${text} begins with if it looks like ${form}, in which
 * "0" is any digit; else 0. */
static size_t form_len(struct span text, const char *form)
{
    size_t len = strlen(form);
    for (size_t i = 0; i < len; i++) {
        char c = i < text.len ? text.ptr[i] : '\0';
        if (form[i] == '0' ? c < '0' || c > '9' : c != form[i]) {
            return 0;
        }
    }
    return len;
}

/* The length of a date, or a "%" after its blank, at the beginning. */
static size_t whole_len(struct span text)
{
    size_t len = form_len(text, "0000-00-00 00:00");
    len = len > 0 ? len : form_len(text, "0000-00-00");
    return len > 0 ? len : form_len(text, " %");
}

void html_words_add(struct buffer *out, struct span text)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.len;) {
        size_t len = whole_len(span_skip(text, i));
        if (len == 0) {
            i++;
            continue;
        }
        escape_html(out, span_first(span_skip(text, begin), i - begin));
        bool is_percent = text.ptr[i] == ' ';
        buffer_add_string(
            out, is_percent ? "&nbsp;%" : "<span class=\"whole\">");
        if (!is_percent) {
            buffer_add(out, span_first(span_skip(text, i), len));
            buffer_add_string(out, "</span>");
        }
        i += len;
        begin = i;
    }
    escape_html(out, span_skip(text, begin));
}
