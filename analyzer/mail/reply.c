/* SPDX-License-Identifier: MIT */
#include "mail/reply.h"

#include <stdio.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Read up to three digits; return how many there were. */
static size_t digits(struct span s, uint16_t *value)
{
    size_t n = 0;
    unsigned v = 0;
    while (n < s.len && n < 3 && is_digit(s.ptr[n])) {
        v = v * 10 + (unsigned)(s.ptr[n] - '0');
        n++;
    }
    *value = (uint16_t)v;
    return n;
}

static bool ends_a_status(struct span s, size_t at)
{
    if (at >= s.len) {
        return true;
    }
    char c = s.ptr[at];
    return !is_digit(c) &&
           !(c == '.' && at + 1 < s.len && is_digit(s.ptr[at + 1])) &&
           !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

size_t status_parse(struct span s, struct status_code *status)
{
    if (s.len < 5 || s.ptr[1] != '.' ||
        (s.ptr[0] != '2' && s.ptr[0] != '4' && s.ptr[0] != '5')) {
        return 0;
    }
    struct status_code found = {.class = (uint8_t)(s.ptr[0] - '0')};
    size_t at = 2;
    size_t n = digits(span_skip(s, at), &found.subject);
    at += n;
    if (n == 0 || at >= s.len || s.ptr[at] != '.') {
        return 0;
    }
    at++;
    n = digits(span_skip(s, at), &found.detail);
    at += n;
    if (n == 0 || !ends_a_status(s, at)) {
        return 0;
    }
    *status = found;
    return at;
}

size_t status_format(struct status_code status, char *out)
{
    out[0] = '\0';
    if (!status_is_known(status)) {
        return 0;
    }
    return (size_t)snprintf(out, STATUS_TEXT_LEN, "%u.%u.%u", status.class,
        status.subject, status.detail);
}

/* The reply code that begins ${s}: three digits, then the end, a blank, a
 * hyphen, or other punctuation. */
static int reply_code(struct span s)
{
    if (s.len < 3 || s.ptr[0] < '2' || s.ptr[0] > '5' || !is_digit(s.ptr[1]) ||
        !is_digit(s.ptr[2])) {
        return 0;
    }
    if (s.len > 3) {
        char c = s.ptr[3];
        bool word = is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        bool status = c == '.' && s.len > 4 && is_digit(s.ptr[4]);
        if (word || status) {
            return 0;
        }
    }
    return (s.ptr[0] - '0') * 100 + (s.ptr[1] - '0') * 10 + (s.ptr[2] - '0');
}

static size_t blanks(struct span s)
{
    size_t n = 0;
    while (n < s.len && (s.ptr[n] == ' ' || s.ptr[n] == '\t')) {
        n++;
    }
    return n;
}

/* The bytes of "550-5.1.1 " at the start of ${s}, whose code is known. */
static size_t prefix_len(struct span s, struct status_code *status)
{
    size_t at = 3;
    if (at < s.len && (s.ptr[at] == '-' || s.ptr[at] == ' ')) {
        at++;
    }
    at += blanks(span_skip(s, at));
    /* "550 #5.1.1 text" is Cisco's and Sendmail's older way to write it */
    size_t hash = at < s.len && s.ptr[at] == '#' ? 1 : 0;
    size_t n = status_parse(span_skip(s, at + hash), status);
    if (n > 0) {
        at += hash + n;
        at += blanks(span_skip(s, at));
    }
    return at;
}

/* Does ${s} begin as a line of the reply that has ${code}? */
static bool begins_line(struct span s, struct span code)
{
    return s.len >= 4 && span_starts(s, code) &&
           (s.ptr[3] == '-' || s.ptr[3] == ' ');
}

/* How many bytes separate two lines of a reply at ${s}, if they do: the code
 * must come again behind them. */
static size_t line_break(struct span s, struct span code)
{
    size_t n = 0;
    if (s.len >= 2 && s.ptr[0] == '\\' && s.ptr[1] == 'n') {
        n = 2;
    } else if (s.len >= 1 &&
               (s.ptr[0] == '\n' || s.ptr[0] == ' ' || s.ptr[0] == '/')) {
        n = 1; /* the slash is qmail's line end: qsutil.c, logsafe() */
    } else if (s.len >= 2 && s.ptr[0] == '\r' && s.ptr[1] == '\n') {
        n = 2;
    }
    return n > 0 && begins_line(span_skip(s, n), code) ? n : 0;
}

/* Step over the prefix of the line that begins ${s}.  A line without text has
 * its blank before the next line's prefix, which is stepped over too. */
static struct span skip_prefix(struct span s, struct span code)
{
    bool blank = false;
    do {
        struct status_code ignored = {0};
        size_t n = prefix_len(s, &ignored);
        blank = s.ptr[n - 1] == ' ';
        s = span_skip(s, n);
    } while (blank && begins_line(s, code));
    return s;
}

static struct span join_lines(
    struct span s, struct span code, char *scratch, size_t scratch_len)
{
    size_t used = 0;
    s = skip_prefix(s, code);
    while (s.len > 0 && used < scratch_len) {
        size_t n = line_break(s, code);
        if (n == 0) {
            scratch[used++] = s.ptr[0];
            s = span_skip(s, 1);
            continue;
        }
        s = skip_prefix(span_skip(s, n), code);
        if (used > 0 && scratch[used - 1] != ' ') {
            scratch[used++] = ' ';
        }
    }
    return (struct span){scratch, used};
}

void smtp_reply_parse(struct span raw, char *scratch, size_t scratch_len,
    struct smtp_reply *reply)
{
    *reply = (struct smtp_reply){.raw = raw, .text = span_trim(raw)};
    struct span s = reply->text;
    reply->code = reply_code(s);
    if (reply->code == 0) {
        /* a milter's or a header check's "5.7.1 text" */
        size_t n = status_parse(s, &reply->status);
        reply->text = span_trim(span_skip(s, n));
        return;
    }
    struct span code = span_first(s, 3);
    bool several_lines = s.len > 3 && s.ptr[3] == '-';
    size_t n = prefix_len(s, &reply->status);
    s = several_lines ? join_lines(s, code, scratch, scratch_len)
                      : span_skip(s, n);
    reply->text = span_trim(s);
}
