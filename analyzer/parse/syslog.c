/* SPDX-License-Identifier: MIT */
#include "parse/syslog.h"

/* Take the word before the next blank off ${s}. */
static struct span take_word(struct span *s)
{
    size_t n = 0;
    while (n < s->len && s->ptr[n] != ' ') {
        n++; /* words here are short: sooner done than memchr() called */
    }
    struct span word = span_first(*s, n);
    *s = span_skip(*s, n < s->len ? n + 1 : n);
    return word;
}

static void skip_blanks(struct span *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t')) {
        *s = span_skip(*s, 1);
    }
}

/* "<22>" and, if it follows at once, RFC 5424's version "1 ". */
static bool skip_priority(struct span *s, bool *is_5424)
{
    *is_5424 = false;
    if (s->len < 3 || s->ptr[0] != '<') {
        return true;
    }
    size_t n = 1;
    while (n < s->len && n < 5 && s->ptr[n] >= '0' && s->ptr[n] <= '9') {
        n++;
    }
    if (n == 1 || n >= s->len || s->ptr[n] != '>') {
        return false;
    }
    *s = span_skip(*s, n + 1);
    if (span_starts(*s, SPAN_LITERAL("1 "))) {
        *is_5424 = true;
        *s = span_skip(*s, 2);
    }
    return true;
}

/* RFC 5424, 6.3: "-" or "[id name="value" …]…", with \" \\ \] escaped. */
static bool skip_structured_data(struct span *s)
{
    if (span_starts(*s, SPAN_LITERAL("-"))) {
        *s = span_skip(*s, 1);
        return true;
    }
    if (!span_starts(*s, SPAN_LITERAL("["))) {
        return false;
    }
    bool quoted = false;
    for (size_t i = 1; i < s->len; i++) {
        if (quoted && s->ptr[i] == '\\') {
            i++;
        } else if (s->ptr[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && s->ptr[i] == ']' &&
                   (i + 1 >= s->len || s->ptr[i + 1] != '[')) {
            *s = span_skip(*s, i + 1);
            return true;
        }
    }
    return false;
}

static bool split_5424(struct span s, struct syslog_line *out)
{
    out->host = take_word(&s);
    out->tag = take_word(&s);
    out->pid = take_word(&s);
    take_word(&s); /* message id */
    if (!skip_structured_data(&s)) {
        return false;
    }
    skip_blanks(&s);
    if (span_starts(s, SPAN_LITERAL("\xef\xbb\xbf"))) {
        s = span_skip(s, 3);
    }
    out->message = s;
    return true;
}

/* "[1234]" */
static size_t pid_len(struct span s)
{
    if (s.len == 0 || s.ptr[0] != '[') {
        return 0;
    }
    size_t n = span_find_any(s, "]]]");
    return n < s.len ? n + 1 : 0;
}

static void split_tag(struct span s, struct syslog_line *out)
{
    size_t n = span_find_any(s, ":[ "); /* where the tag ends */
    size_t at = n + pid_len(span_skip(s, n));
    out->pid = at > n ? span_first(span_skip(s, n + 1), at - n - 2) : SPAN_NONE;
    if (at >= s.len || s.ptr[at] != ':') {
        out->tag = SPAN_LITERAL("");
        out->message = s;
        return;
    }
    out->tag = span_first(s, n);
    s = span_skip(s, at + 1);
    skip_blanks(&s);
    if (span_starts(s, SPAN_LITERAL("[ID "))) {
        s = span_skip(s, pid_len(s));
        skip_blanks(&s);
    }
    out->message = s;
}

/* "<mail.info> " behind the stamp: syslogd -v of the BSDs (also "<2.6> "). */
static void skip_selector(struct span *s)
{
    if (s->len == 0 || s->ptr[0] != '<') {
        return;
    }
    size_t end = span_find(*s, SPAN_LITERAL(" "));
    if (end >= 3 && end < s->len && s->ptr[end - 1] == '>') {
        *s = span_skip(*s, end);
        skip_blanks(s);
    }
}

bool syslog_split(
    struct stamp_reader *stamps, struct span line, struct syslog_line *out)
{
    bool is_5424 = false;
    if (!skip_priority(&line, &is_5424)) {
        return false;
    }
    size_t n = stamp_read(stamps, line, &out->time);
    if (n == 0 || n >= line.len || line.ptr[n] != ' ') {
        return false;
    }
    line = span_skip(line, n + 1);
    if (is_5424) {
        return split_5424(line, out);
    }
    skip_blanks(&line);
    skip_selector(&line);
    out->host = take_word(&line);
    skip_blanks(&line);
    split_tag(line, out);
    return out->host.len > 0;
}

int64_t syslog_repeated(struct span message, struct span *inner)
{
    static const struct span lead = SPAN_INIT("message repeated ");
    static const struct span then = SPAN_INIT(" times: [");
    *inner = message;
    if (!span_starts(message, lead)) {
        return 1;
    }
    struct span s = span_skip(message, lead.len);
    size_t digits = 0;
    while (digits < s.len && s.ptr[digits] >= '0' && s.ptr[digits] <= '9') {
        digits++;
    }
    int64_t n = 0;
    if (digits > 9 || !span_number(span_first(s, digits), &n) || n < 1 ||
        !span_starts(span_skip(s, digits), then)) {
        return 1;
    }
    s = span_trim(span_skip(s, digits + then.len));
    if (s.len > 0 && s.ptr[s.len - 1] == ']') {
        s.len--;
    }
    *inner = span_trim(s);
    return n;
}

struct span syslog_unescape(struct span message, char *out, size_t out_len)
{
    static const struct span mark = SPAN_INIT("#01");
    /* the search for one byte dismisses nearly every line */
    const char *sign =
        message.len > 0 ? memchr(message.ptr, '#', message.len) : NULL;
    if (sign == NULL ||
        span_find(span_skip(message, (size_t)(sign - message.ptr)), mark) ==
            message.len - (size_t)(sign - message.ptr)) {
        return message;
    }
    size_t n = 0;
    for (size_t i = 0; i < message.len && n < out_len; n++) {
        struct span rest = span_skip(message, i);
        bool tab = span_starts(rest, SPAN_LITERAL("#011"));
        bool newline = span_starts(rest, SPAN_LITERAL("#012"));
        out[n] = tab ? '\t' : newline ? '\n' : rest.ptr[0];
        i += tab || newline ? 4 : 1;
    }
    return (struct span){out, n};
}
