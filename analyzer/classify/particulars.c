/* SPDX-License-Identifier: MIT */
/*
 * Asked for one reply at a time and never while logs are read, so the
 * expressions are simply tried one after the other.
 */
#include "classify/particulars.h"

#include <inttypes.h>
#include <stdio.h>

#define PARTICULAR_NAME(name, text) text,
static const char *const names[] = {PARTICULAR_LIST(PARTICULAR_NAME)};

const char *particulars_name(enum particular p)
{
    return names[p];
}

bool particulars_is_group(const char *name)
{
    for (int i = 0; i < PARTICULAR_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return strcmp(name, "dnsbl") == 0 || strcmp(name, "address") == 0 ||
           strcmp(name, "unit") == 0;
}

/* Seconds of a unit, by its first letter in any language that we read. */
static int64_t unit_seconds(struct span unit)
{
    char c = unit.len > 0 ? (char)(unit.ptr[0] | 0x20) : 's';
    return c == 'm' ? 60 : c == 'h' ? 3600 : c == 'd' ? 86400 : 1;
}

/* "300" with a unit, "5:00", "00:05:00" in seconds; false if it is neither. */
static bool read_seconds(struct span value, struct span unit, int64_t *seconds)
{
    int64_t sum = 0;
    bool clock = span_find(value, SPAN_LITERAL(":")) < value.len;
    while (value.len > 0) {
        int64_t n = 0;
        size_t end = span_find(value, SPAN_LITERAL(":"));
        if (!span_number(span_first(value, end), &n) || n > 10000000) {
            return false;
        }
        sum = sum * 60 + n;
        value = span_skip(value, end < value.len ? end + 1 : end);
        if (sum > INT64_C(100000000000)) {
            return false;
        }
    }
    *seconds = clock ? sum : sum * unit_seconds(unit);
    return true;
}

/* Without the marks that end a clause or close a bracket around it. */
static struct span trim_marks(struct span s)
{
    while (s.len > 0 && strchr(".,;:!?)]>}'\"", s.ptr[s.len - 1]) != NULL) {
        s.len--;
    }
    return span_trim(s);
}

static void take(struct particulars *p, enum particular which,
    struct span value, struct span unit)
{
    int64_t seconds = 0;
    value = trim_marks(value);
    if (value.len == 0 || span_is_known(p->values[which])) {
        return;
    }
    if (which != PARTICULAR_RETRY_AFTER) {
        p->values[which] = value;
    } else if (read_seconds(value, unit, &seconds)) {
        int n = snprintf(p->seconds, sizeof(p->seconds), "%" PRId64, seconds);
        p->values[which] = (struct span){p->seconds, (size_t)n};
    }
}

/* Take what ${re}, if it matches ${text}, has groups for. */
static void try_expression(const struct regex *re, struct span text,
    struct regex_workspace *w, struct particulars *p)
{
    if (re == NULL || regex_match(re, w, text) != REGEX_MATCH) {
        return;
    }
    struct span unit = SPAN_NONE;
    for (unsigned n = 1; n <= regex_n_groups(re); n++) {
        const char *name = regex_group_name(re, n);
        if (name != NULL && strcmp(name, "unit") == 0) {
            unit = regex_group(w, text, n);
        }
    }
    for (unsigned n = 1; n <= regex_n_groups(re); n++) {
        const char *name = regex_group_name(re, n);
        for (int i = 0; name != NULL && i < PARTICULAR_COUNT; i++) {
            if (strcmp(name, names[i]) == 0) {
                take(p, (enum particular)i, regex_group(w, text, n), unit);
            }
        }
    }
}

/* The reply on one line, with its codes before it. */
static struct span write_reply(
    const struct smtp_reply *reply, struct particulars *p)
{
    char status[STATUS_TEXT_LEN] = "";
    char code[16] = "";
    size_t has_status = status_format(reply->status, status);
    if (reply->code != 0) {
        snprintf(code, sizeof(code), "%d ", reply->code);
    }
    int n = snprintf(p->reply, sizeof(p->reply), "%s%s%s", code, status,
        has_status > 0 ? " " : "");
    size_t len = (size_t)n;
    size_t room = sizeof(p->reply) - len;
    size_t text = reply->text.len < room ? reply->text.len : room;
    if (text > 0) {
        memcpy(p->reply + len, reply->text.ptr, text);
    }
    return (struct span){p->reply, len + text};
}

void particulars_read(const struct rules *r, size_t rule,
    const struct smtp_reply *reply, struct regex_workspace *w,
    struct particulars *p)
{
    memset(p->values, 0, sizeof(p->values));
    struct span whole = write_reply(reply, p);
    if (rule < rules_count(r)) {
        try_expression(rules_regex(r, rule, RULES_EXTRACT), reply->text, w, p);
    }
    for (int common = 0; common <= 1; common++) {
        for (size_t i = 0; i < rules_n_fields(r); i++) {
            if (rules_field_is_common(r, i)
                    ? common == 1
                    : common == 0 && rules_field_is_for(r, i, rule)) {
                try_expression(rules_field_regex(r, i), whole, w, p);
            }
        }
    }
}
