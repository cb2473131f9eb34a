/* SPDX-License-Identifier: MIT */
/*
 * The store keeps log text as it came.  Each format has its own dangers, so
 * each has its own function here, and renderers call nothing else to write
 * text that is not theirs.
 */
#include "report/escape.h"

#include "report/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Write ${code}, which nobody should meet raw, in letters. */
static void add_visible(struct buffer *out, uint32_t code)
{
    switch (code) {
    case '\t':
        buffer_add_string(out, "\\t");
        break;
    case '\n':
        buffer_add_string(out, "\\n");
        break;
    case '\r':
        buffer_add_string(out, "\\r");
        break;
    default:
        buffer_addf(out, code < 0x100 ? "\\x%02x" : "\\u{%04x}", code);
    }
}

static bool is_invalid(uint32_t code, size_t len)
{
    return code == UTF8_INVALID && len == 1;
}

void escape_terminal(struct buffer *out, struct span s)
{
    uint32_t code;
    for (size_t at = 0, len; at < s.len; at += len) {
        struct span rest = span_skip(s, at);
        len = utf8_next(rest, &code);
        if (is_invalid(code, len)) {
            buffer_addf(out, "\\x%02x", (unsigned char)rest.ptr[0]);
        } else if (utf8_is_unsafe(code)) {
            add_visible(out, code);
        } else {
            buffer_add(out, span_first(rest, len));
        }
    }
}

/* The entity that ${code} must be written as in HTML, or NULL. */
static const char *entity(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_html(struct buffer *out, struct span s)
{
    uint32_t code;
    for (size_t at = 0, len; at < s.len; at += len) {
        struct span rest = span_skip(s, at);
        len = utf8_next(rest, &code);
        if (is_invalid(code, len)) {
            buffer_add_string(out, REPLACEMENT);
        } else if (utf8_is_unsafe(code)) {
            add_visible(out, code);
        } else if (entity(code) != NULL) {
            buffer_add_string(out, entity(code));
        } else {
            buffer_add(out, span_first(rest, len));
        }
    }
}

void escape_html_prose(struct buffer *out, struct span s)
{
    for (;;) {
        size_t open = span_find(s, SPAN_LITERAL("`"));
        struct span code = span_skip(s, open < s.len ? open + 1 : open);
        size_t close = span_find(code, SPAN_LITERAL("`"));
        if (close == code.len) {
            escape_html(out, s);
            return;
        }
        escape_html(out, span_first(s, open));
        buffer_add_string(out, "<code>");
        escape_html(out, span_first(code, close));
        buffer_add_string(out, "</code>");
        s = span_skip(code, close + 1);
    }
}

static bool needs_json_escape(uint32_t code)
{
    return code < 0x20 || code == 0x7F || code == '<' || code == '>' ||
           code == '&' || code == 0x2028 || code == 0x2029;
}

void escape_json(struct buffer *out, struct span s)
{
    uint32_t code;
    buffer_add_char(out, '"');
    for (size_t at = 0, len; at < s.len; at += len) {
        struct span rest = span_skip(s, at);
        len = utf8_next(rest, &code);
        if (is_invalid(code, len)) {
            buffer_add_string(out, REPLACEMENT);
        } else if (code == '"' || code == '\\') {
            buffer_addf(out, "\\%c", (char)code);
        } else if (needs_json_escape(code)) {
            buffer_addf(out, "\\u%04x", code);
        } else {
            buffer_add(out, span_first(rest, len));
        }
    }
    buffer_add_char(out, '"');
}

void escape_prometheus(struct buffer *out, struct span s)
{
    uint32_t code;
    buffer_add_char(out, '"');
    for (size_t at = 0, len; at < s.len; at += len) {
        struct span rest = span_skip(s, at);
        len = utf8_next(rest, &code);
        if (is_invalid(code, len)) {
            buffer_add_string(out, REPLACEMENT);
        } else if (code == '\n') {
            buffer_add_string(out, "\\n");
        } else if (utf8_is_unsafe(code)) {
            /* its backslash, escaped */
            buffer_add_char(out, '\\');
            add_visible(out, code);
        } else {
            buffer_add_string(out, code == '"' || code == '\\' ? "\\" : "");
            buffer_add(out, span_first(rest, len));
        }
    }
    buffer_add_char(out, '"');
}

static bool is_formula(struct span s)
{
    return s.len > 0 && s.ptr[0] != '\0' &&
           strchr("=+-@\t\r", s.ptr[0]) != NULL;
}

static bool needs_quotes(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '\0' && strchr(",\"\r\n", s.ptr[i]) != NULL) {
            return true;
        }
    }
    /* Blanks at an end are part of the field, but some readers trim them. */
    return s.len > 0 && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ');
}

static bool is_csv_control(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
           (code >= 0x7F && code < 0xA0);
}

void escape_csv(struct buffer *out, struct span s)
{
    bool quotes = needs_quotes(s);
    uint32_t code;
    buffer_add_string(out, quotes ? "\"" : "");
    buffer_add_string(out, is_formula(s) ? "'" : "");
    for (size_t at = 0, len; at < s.len; at += len) {
        struct span rest = span_skip(s, at);
        len = utf8_next(rest, &code);
        if (is_invalid(code, len)) {
            buffer_add_string(out, REPLACEMENT);
        } else if (is_csv_control(code)) {
            add_visible(out, code);
        } else {
            buffer_add_string(out, code == '"' ? "\"" : "");
            buffer_add(out, span_first(rest, len));
        }
    }
    buffer_add_string(out, quotes ? "\"" : "");
}

bool escape_url_is_safe(struct span s)
{
    if (!span_starts(s, SPAN_LITERAL("https://")) &&
        !span_starts(s, SPAN_LITERAL("http://"))) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7F ||
            strchr("\"'<>\\`", s.ptr[i]) != NULL) {
            return false;
        }
    }
    return true;
}
