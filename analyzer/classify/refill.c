/* SPDX-License-Identifier: MIT */
/*
 * The store keeps templates, and a rule wants examples: replies that a reader
 * recognises and that name nobody.  What stands for a placeholder is of the
 * ranges that are reserved for documentation (RFC 2606, RFC 5737).
 */
#include "classify/refill.h"

static const struct {
    struct span placeholder;
    struct span value;
} values[] = {
    {SPAN_INIT("{address}"), SPAN_INIT("user@example.org")},
    {SPAN_INIT("{ip}"), SPAN_INIT("192.0.2.1")},
    {SPAN_INIT("{host}"), SPAN_INIT("mail.example.net")},
    {SPAN_INIT("{id}"), SPAN_INIT("4F2A9C81B0")},
    {SPAN_INIT("{n}"), SPAN_INIT("12345")},
};
enum { N_VALUES = sizeof(values) / sizeof(values[0]) };

/* Append what stands for the beginning of ${s}; return how much that was. */
static size_t add_value(struct buffer *out, struct span s)
{
    for (size_t i = 0; i < N_VALUES; i++) {
        if (span_starts(s, values[i].placeholder)) {
            buffer_add(out, values[i].value);
            return values[i].placeholder.len;
        }
    }
    buffer_add_char(out, s.ptr[0]);
    return 1;
}

static void add_codes(const struct reply_facts *facts, struct buffer *out)
{
    char status[STATUS_TEXT_LEN];
    if (facts->code != 0) {
        buffer_addf(out, "%d ", facts->code);
    }
    if (status_format(facts->status, status) > 0) {
        buffer_addf(out, "%s ", status);
    }
}

static bool gives_back(struct classifier *c, const struct reply_facts *facts,
    const struct buffer *reply)
{
    struct event e;
    struct verdict v;
    classifier_read_text(c, facts->direction, buffer_span(reply), &e);
    classifier_judge(c, &e, &v);
    return e.reply.code == facts->code &&
           status_equal(e.reply.status, facts->status) &&
           span_equal(v.template, facts->template);
}

bool refill_reply(
    struct classifier *c, const struct reply_facts *facts, struct buffer *out)
{
    buffer_reset(out);
    add_codes(facts, out);
    for (struct span rest = facts->template; rest.len > 0;) {
        rest = span_skip(rest, add_value(out, rest));
    }
    if (gives_back(c, facts, out)) {
        return true;
    }
    buffer_reset(out);
    add_codes(facts, out);
    buffer_add(out, facts->template);
    return gives_back(c, facts, out);
}
