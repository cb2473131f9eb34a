/* SPDX-License-Identifier: MIT */
/*
 * A line pattern claims a message by literals first (its beginning, a text
 * within) and then by a regex whose named groups are fields; "keys" takes
 * further fields out of key=value pairs, whatever their order.  Fields that
 * the pack knows parts of (the relay, the text of a reply) are taken apart by
 * the first part that fits, and what that yields again, down to a few levels.
 * The fields then become an event.
 */
#include "parse/extractor.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "parse/duration.h"

#include <stdlib.h>

/* "delivery temporarily suspended: host … said: …" is two; more is hostile. */
enum { MAX_PART_DEPTH = 4 };

struct extractor {
    struct regex_workspace *workspace;
    struct span fields[FIELD_COUNT];
    char reply[LIMIT_REPLY_LEN];
    bool limit_said; /* one message about limits is enough */
};

/* A message without its queue ID. */
struct body {
    struct span queue_id;
    struct span text;
};

struct extractor *extractor_create(void)
{
    struct extractor *x = memory_zalloc(1, sizeof(*x));
    x->workspace = regex_workspace_create();
    return x;
}

void extractor_free(struct extractor *x)
{
    if (x == NULL) {
        return;
    }
    regex_workspace_free(x->workspace);
    free(x);
}

/* The queue ID that begins a message, followed by ": ". */
static struct body split_queue_id(
    struct extractor *x, const struct format *format, struct span message)
{
    struct body b = {SPAN_NONE, message};
    if (format->queue_id == NULL ||
        regex_match(format->queue_id, x->workspace, message) != REGEX_MATCH) {
        return b;
    }
    struct span id = regex_group(x->workspace, message, 0);
    struct span rest = span_skip(message, id.len);
    if (!span_starts(rest, SPAN_LITERAL(":"))) {
        return b;
    }
    b.queue_id = id;
    b.text = span_trim(span_skip(rest, 1));
    return b;
}

static bool has_literals(const struct pattern *p, struct span text)
{
    bool begins = p->def->starts_count == 0;
    for (unsigned i = 0; i < p->def->starts_count && !begins; i++) {
        begins = span_starts(text, p->starts[i]);
    }
    for (unsigned i = 0; i < p->def->has_count && begins; i++) {
        begins = span_find(text, p->has[i]) < text.len;
    }
    return begins;
}

static bool matches(
    struct extractor *x, const struct pattern *p, struct span text)
{
    if (!has_literals(p, text)) {
        return false;
    }
    if (p->re == NULL) {
        return true;
    }
    enum regex_result r = regex_match(p->re, x->workspace, text);
    if (r == REGEX_LIMIT && !x->limit_said) {
        diag_warn(
            "pattern %s: gave up on a line of %zu bytes", p->def->id, text.len);
        x->limit_said = true;
    }
    return r == REGEX_MATCH;
}

static bool claims(
    struct extractor *x, const struct pattern *p, const struct body *body)
{
    bool has_id = span_is_known(body->queue_id);
    if ((p->queue_id == QUEUE_ID_REQUIRED && !has_id) ||
        (p->queue_id == QUEUE_ID_NONE && has_id)) {
        return false;
    }
    return matches(x, p, body->text);
}

/* The value at the start of ${s}: in angle brackets, or up to ", ". */
static struct span take_value(struct span s)
{
    size_t n = s.len;
    if (s.len > 0 && s.ptr[0] == '<') {
        n = span_find(s, SPAN_LITERAL(">, "));
        return span_first(s, n < s.len ? n + 1 : n);
    }
    n = span_find(s, SPAN_LITERAL(", "));
    return span_first(s, n);
}

static struct span without_brackets(struct span s)
{
    if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>') {
        return (struct span){s.ptr + 1, s.len - 2};
    }
    return s;
}

/* Scan "key=value, key=value" for the keys that ${p} wants; others are
 * passed over, so that fields an MTA adds do no harm. */
static void take_pairs(
    struct extractor *x, const struct pattern *p, struct span s)
{
    while (s.len > 0) {
        size_t eq = span_find(s, SPAN_LITERAL("="));
        if (eq == s.len) {
            return;
        }
        struct span key = span_first(s, eq);
        struct span value = take_value(span_skip(s, eq + 1));
        for (unsigned i = 0; i < p->def->keys_count; i++) {
            if (span_equal(key, p->keys[i].key)) {
                x->fields[p->keys[i].field] = without_brackets(value);
            }
        }
        size_t used = eq + 1 + value.len;
        s = span_skip(s, used);
        s = span_skip(s, s.len >= 2 ? 2 : s.len);
    }
}

static void take_fields(
    struct extractor *x, const struct pattern *p, struct span text)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (span_is_known(p->set[f])) {
            x->fields[f] = p->set[f];
        }
    }
    if (p->re == NULL) {
        return;
    }
    for (unsigned n = 1; n <= regex_n_groups(p->re); n++) {
        struct span group = regex_group(x->workspace, text, n);
        if (p->group_field[n] != NO_FIELD && span_is_known(group)) {
            x->fields[p->group_field[n]] = group;
        }
    }
    if (p->def->keys_count > 0) {
        take_pairs(x, p, x->fields[FIELD_pairs]);
    }
}

/* Take ${f} apart by the first part that fits. */
static void take_apart(
    struct extractor *x, const struct program *program, enum field f, int depth)
{
    struct span value = x->fields[f];
    if (!span_is_known(value) || depth > MAX_PART_DEPTH) {
        return;
    }
    for (size_t i = 0; i < program->n_parts; i++) {
        const struct pattern *p = program->parts[i];
        if (p->of == f && matches(x, p, value)) {
            x->fields[f] = SPAN_NONE;
            take_fields(x, p, value);
            take_apart(x, program, f, depth + 1);
            return;
        }
    }
}

static struct span translate(
    const struct format *format, enum field f, struct span value)
{
    for (unsigned i = 0; i < format->pack->values_count; i++) {
        const struct field_value *v = &format->values[i];
        if (v->field == f && span_equal(v->from, value)) {
            return v->to;
        }
    }
    return value;
}

static struct span field_of(
    const struct extractor *x, const struct format *format, enum field f)
{
    struct span value = x->fields[f];
    return span_is_known(value) ? translate(format, f, value) : value;
}

/* A refusal with a 4xx reply is for now, not for good (RFC 5321, 4.2.1). */
static void settle_refusal(struct event *e)
{
    if (e->disposition == DISPOSITION_REJECTED && e->reply.code >= 400 &&
        e->reply.code < 500) {
        e->disposition = DISPOSITION_DEFERRED;
    }
}

static void fill_reply(struct extractor *x, struct event *e)
{
    struct span raw = x->fields[FIELD_reply];
    if (!span_is_known(raw)) {
        raw = x->fields[FIELD_text];
    }
    if (span_is_known(raw)) {
        smtp_reply_parse(raw, x->reply, sizeof(x->reply), &e->reply);
    }
    struct span logged = x->fields[FIELD_logged_status];
    if (span_is_known(logged)) {
        status_parse(logged, &e->logged_status);
    }
}

/* False if the fields make no event: an outcome needs a disposition. */
static bool fill_event(
    struct extractor *x, const struct format *format, struct event *e)
{
    event_kind_parse(field_of(x, format, FIELD_kind), &e->kind);
    direction_parse(field_of(x, format, FIELD_direction), &e->direction);
    disposition_parse(field_of(x, format, FIELD_disposition), &e->disposition);
    stage_parse(field_of(x, format, FIELD_stage), &e->stage);
    e->queue_id = field_of(x, format, FIELD_queue_id);
    if (e->queue_id.len == 0) {
        e->queue_id = SPAN_NONE; /* values: NOQUEUE to nothing */
    }
    e->sender = x->fields[FIELD_sender];
    e->recipient = x->fields[FIELD_recipient];
    e->peer = x->fields[FIELD_peer];
    e->peer_ip = x->fields[FIELD_peer_ip];
    e->delay = span_is_known(x->fields[FIELD_delay])
                   ? duration_parse(x->fields[FIELD_delay])
                   : -1;
    fill_reply(x, e);
    settle_refusal(e);
    bool correlates = e->kind == EVENT_ARRIVAL || e->kind == EVENT_SENDER ||
                      e->kind == EVENT_RELEASE;
    return e->kind != EVENT_UNKNOWN &&
           (correlates || e->disposition != DISPOSITION_UNKNOWN);
}

enum extract_result extractor_run(struct extractor *x,
    const struct program *program, struct span message, struct event *event)
{
    struct body body = split_queue_id(x, program->format, message);
    unsigned char byte = body.text.len > 0 ? (unsigned char)*body.text.ptr : 0;
    for (size_t i = program->first[byte]; i < program->first[byte + 1]; i++) {
        const struct pattern *p = program->lines[i];
        if (!claims(x, p, &body)) {
            continue;
        }
        if (p->role == ROLE_IGNORE) {
            return EXTRACT_IGNORED;
        }
        memset(x->fields, 0, sizeof(x->fields));
        x->fields[FIELD_queue_id] = body.queue_id;
        take_fields(x, p, body.text);
        take_apart(x, program, FIELD_relay, 0);
        take_apart(x, program, FIELD_text, 0);
        event->line = message;
        return fill_event(x, program->format, event) ? EXTRACT_EVENT
                                                     : EXTRACT_UNKNOWN;
    }
    return EXTRACT_UNKNOWN;
}

bool extractor_claims(struct extractor *x, const struct program *program,
    const struct pattern *pattern, struct span message)
{
    struct body body = split_queue_id(x, program->format, message);
    return claims(x, pattern, &body);
}

bool extractor_run_part(struct extractor *x, const struct program *program,
    const struct pattern *part, struct span text, struct event *event)
{
    if (!matches(x, part, text)) {
        return false;
    }
    memset(x->fields, 0, sizeof(x->fields));
    take_fields(x, part, text);
    for (size_t i = 0; i < program->format->n_patterns; i++) {
        const struct pattern *p = &program->format->patterns[i];
        struct span value = x->fields[p->of];
        if (p->role == ROLE_PART && p != part && p->of != FIELD_reply &&
            formats_pattern_applies(p, program->name) && span_is_known(value) &&
            matches(x, p, value)) {
            x->fields[p->of] = SPAN_NONE;
            take_fields(x, p, value);
        }
    }
    fill_event(x, program->format, event);
    return true;
}
