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

#include "base/limits.h"
#include "base/memory.h"
#include "parse/compose.h"
#include "parse/filling.h"
#include "parse/formats.h"
#include "parse/keeping.h"
#include "parse/matching.h"
#include "parse/pieces.h"
#include "parse/plain.h"
#include "parse/queue_ids.h"

#include <stdlib.h>

/* "delivery temporarily suspended: host … said: …" is two; more is hostile. */
enum { MAX_PART_DEPTH = 4 };

struct extractor {
    struct matching matching;
    struct keeping *keeping;
    struct queue_ids *queue_ids;
    struct span fields[FIELD_COUNT];
    /* of a message that tells of several recipients */
    const struct program *program;
    const struct pattern *pattern;
    struct span base[FIELD_COUNT]; /* before parts were taken apart */
    struct span each_rest;         /* what is left of the list */
    struct span text_rest;         /* of the list of texts beside it */
    bool texts_beside;
    bool replies; /* that list is one of replies */
    char reply[LIMIT_REPLY_LEN];
    char text[LIMIT_REPLY_LEN]; /* translated */
    char composed[4 * LIMIT_REPLY_LEN];
    size_t composed_len;
    bool repeated; /* the text is one that was noted */
};

/* A message without its queue ID. */
struct body {
    struct span queue_id;
    struct span text;
};

struct extractor *extractor_create(void)
{
    struct extractor *x = memory_zalloc(1, sizeof(*x));
    matching_init(&x->matching);
    x->keeping = keeping_create();
    x->queue_ids = queue_ids_create();
    return x;
}

void extractor_free(struct extractor *x)
{
    if (x == NULL) {
        return;
    }
    queue_ids_free(x->queue_ids);
    keeping_free(x->keeping);
    matching_free(&x->matching);
    free(x);
}

void extractor_line(struct extractor *x, struct span host, int64_t now)
{
    keeping_line(x->keeping, host, now);
}

struct keeping *extractor_keeping(struct extractor *x)
{
    return x->keeping;
}

void extractor_reset(struct extractor *x)
{
    keeping_reset(x->keeping);
    matching_reset(&x->matching);
}

const struct pattern *extractor_claimed_by(const struct extractor *x)
{
    return x->pattern;
}

struct span extractor_field(const struct extractor *x, enum field f)
{
    return x->fields[f];
}

static struct body split_queue_id(
    struct extractor *x, const struct format *format, struct span message)
{
    size_t n = queue_ids_len(x->queue_ids, format, message);
    if (n == 0) {
        return (struct body){SPAN_NONE, message};
    }
    struct span rest = span_skip(message, n);
    bool colon = span_starts(rest, SPAN_LITERAL(":"));
    return (struct body){span_trim(span_first(message, n)),
        span_trim(colon ? span_skip(rest, 1) : rest)};
}

static bool claims(
    struct extractor *x, const struct pattern *p, const struct body *body)
{
    bool has_id = span_is_known(body->queue_id);
    if ((p->queue_id == QUEUE_ID_REQUIRED && !has_id) ||
        (p->queue_id == QUEUE_ID_NONE && has_id)) {
        return false;
    }
    return matching_claims(&x->matching, p, body->text);
}

static void take_columns(
    struct extractor *x, const struct pattern *p, const struct record *record)
{
    for (unsigned i = 0; i < p->def->columns_count; i++) {
        char *out = x->composed + x->composed_len;
        size_t room = sizeof(x->composed) - x->composed_len;
        struct span template = p->columns[i].template;
        struct span value =
            p->columns[i].field == p->each
                ? compose_list(template, record, p->separator, out, room)
                : compose_text(template, record, out, room);
        if (value.ptr == out) {
            x->composed_len += value.len;
        }
        if (value.len > 0) {
            x->fields[p->columns[i].field] = value;
        }
    }
}

/* Bytes of the text that stand for others: qmail's "_" for a blank. */
static void translate_text(struct extractor *x, const struct pattern *p)
{
    struct span text = x->fields[FIELD_text];
    if (p->def->translate_count == 0 || !span_is_known(text)) {
        return;
    }
    size_t n = text.len < sizeof(x->text) ? text.len : sizeof(x->text);
    for (size_t i = 0; i < n; i++) {
        x->text[i] = text.ptr[i];
        for (unsigned k = 0; k < p->def->translate_count; k++) {
            if (p->def->translate[k][0] == text.ptr[i]) {
                x->text[i] = p->def->translate[k][1];
            }
        }
    }
    x->fields[FIELD_text] = (struct span){x->text, n};
}

/* A text may tell of a failure that others repeat; or it says but that an
 * earlier one still holds, and that one's text stands for it. */
static void note_or_repeat(struct extractor *x, const struct pattern *p,
    enum field f, struct span value)
{
    if (p->note != NO_FIELD && !x->repeated) {
        keeping_note(x->keeping, p->note, x->fields, value);
    }
    if (p->repeats == NO_FIELD) {
        return;
    }
    struct span noted = keeping_noted(x->keeping, p->repeats, x->fields);
    if (span_is_known(noted)) {
        x->fields[FIELD_reply] = SPAN_NONE;
        x->fields[f] = noted;
        x->repeated = true;
    }
}

/* Take ${f} apart by the first of its ${parts} that fits; true if one did. */
static bool take_part(
    struct extractor *x, const struct dispatch *parts, enum field f)
{
    struct matching *m = &x->matching;
    struct span value = x->fields[f];
    const struct pattern *p = f == FIELD_relay
                                  ? matching_recall(m, parts, value)
                                  : matching_find(m, parts, value);
    if (p == NULL) {
        return false;
    }
    x->fields[f] = SPAN_NONE;
    matching_take(m, p, x->fields);
    note_or_repeat(x, p, f, value);
    return true;
}

/* The same for what comes of it, as often as it goes on. */
static void take_apart(
    struct extractor *x, const struct dispatch *parts, enum field f)
{
    for (int depth = 0; depth <= MAX_PART_DEPTH; depth++) {
        if (!span_is_known(x->fields[f]) || !take_part(x, parts, f)) {
            return;
        }
    }
}

static bool fill_event(
    struct extractor *x, const struct format *format, struct event *event)
{
    struct filling f = {.format = format,
        .fields = x->fields,
        .scratch = x->reply,
        .scratch_len = sizeof(x->reply)};
    return filling_event(&f, event);
}

/* The fields of one recipient, out of those of the message, to an event. */
static bool give_event(struct extractor *x, struct event *event)
{
    const struct pattern *p = x->pattern;
    if (p->each != NO_FIELD) {
        memcpy(x->fields, x->base, sizeof(x->fields));
        x->fields[p->each] = pieces_take(&x->each_rest, p->separator);
    }
    if (x->texts_beside) {
        x->fields[FIELD_text] = (x->replies ? pieces_take_reply : pieces_take)(
            &x->text_rest, p->separator);
    }
    translate_text(x, p);
    keeping_get(x->keeping, p, x->fields);
    x->repeated = false;
    take_apart(x, &x->program->relays, FIELD_relay);
    take_apart(x, &x->program->texts, FIELD_text);
    keeping_put(x->keeping, p, x->fields, x->base[FIELD_text]);
    return fill_event(x, x->program->format, event);
}

/* The lists that a message of several recipients holds. */
static void begin_lists(struct extractor *x, const struct pattern *p)
{
    if (p->each == FIELD_recipient) {
        keeping_roster(x->keeping, p, x->base);
    }
    x->each_rest = p->each != NO_FIELD ? x->base[p->each] : SPAN_NONE;
    x->texts_beside = false;
    size_t n = pieces_count(x->each_rest, p->separator);
    if (p->def->columns_count > 0 && n > 1) {
        x->text_rest = x->base[FIELD_text];
        x->replies = pieces_begin_reply(x->text_rest);
        x->texts_beside = (x->replies ? pieces_count_replies : pieces_count)(
                              x->text_rest, p->separator) == n;
    }
}

static enum extract_result give_first(struct extractor *x,
    const struct program *program, const struct pattern *p, struct event *event)
{
    if (p->each != NO_FIELD || p->memory != MEMORY_NONE) {
        memcpy(x->base, x->fields, sizeof(x->base));
    }
    x->program = program;
    x->pattern = p;
    if (program->format->looks_back) {
        keeping_span(x->keeping, program->format->remembers);
    }
    if (p->begins != NO_FIELD) {
        keeping_begin(x->keeping, x->fields[p->begins]);
    }
    begin_lists(x, p);
    bool ok = give_event(x, event);
    if (p->memory == MEMORY_PUSH || p->memory == MEMORY_NEXT) {
        keeping_push(x->keeping, p, x->fields);
        return EXTRACT_IGNORED;
    }
    bool only_remembers =
        p->memory == MEMORY_SHIFT ||
        (p->memory != MEMORY_NONE && !span_is_known(x->base[FIELD_kind]));
    keeping_forget(x->keeping, p, x->base[FIELD_key]);
    return ok               ? EXTRACT_EVENT
           : only_remembers ? EXTRACT_IGNORED
                            : EXTRACT_UNKNOWN;
}

/* The short way, for a pattern of which all but names is known. */
static void give_plain(struct extractor *x, const struct format *format,
    const struct body *body, struct event *event)
{
    plain_clear(x->fields);
    matching_take(&x->matching, x->pattern, x->fields);
    plain_event(&x->pattern->plain, x->fields, event);
    event->queue_id = filling_queue_id(format, body->queue_id);
}

enum extract_result extractor_run(struct extractor *x,
    const struct program *program, struct span message, struct event *event)
{
    x->each_rest = SPAN_NONE;
    x->pattern = NULL;
    struct body body = split_queue_id(x, program->format, message);
    struct dispatch_search search = dispatch_begin(&program->lines, body.text);
    const struct pattern *p = NULL;
    while ((p = dispatch_next(&search)) != NULL) {
        if (!claims(x, p, &body)) {
            continue;
        }
        x->pattern = p;
        if (p->role == ROLE_IGNORE) {
            return EXTRACT_IGNORED;
        }
        event->line = message;
        if (p->plain.applies) {
            give_plain(x, program->format, &body, event);
            return EXTRACT_EVENT;
        }
        memset(x->fields, 0, sizeof(x->fields));
        x->fields[FIELD_queue_id] = body.queue_id;
        matching_take(&x->matching, p, x->fields);
        return give_first(x, program, p, event);
    }
    return EXTRACT_UNKNOWN;
}

static bool claims_record(const struct pattern *p, const struct record *record)
{
    for (unsigned i = 0; i < p->def->where_count; i++) {
        struct span value = record_find(record, p->where[i].name);
        if (pieces_have(p->where[i].values, value) == p->where[i].negated) {
            return false;
        }
    }
    return true;
}

enum extract_result extractor_run_record(struct extractor *x,
    const struct program *program, const struct record *record,
    struct event *event)
{
    x->each_rest = SPAN_NONE;
    x->pattern = NULL;
    struct dispatch_search search = dispatch_begin(&program->lines, SPAN_NONE);
    const struct pattern *p = NULL;
    while ((p = dispatch_next(&search)) != NULL) {
        if (!claims_record(p, record)) {
            continue;
        }
        x->pattern = p;
        memset(x->fields, 0, sizeof(x->fields));
        x->composed_len = 0;
        take_columns(x, p, record);
        if (p->role == ROLE_IGNORE) {
            return EXTRACT_IGNORED;
        }
        matching_set(p, x->fields);
        return give_first(x, program, p, event);
    }
    return EXTRACT_UNKNOWN;
}

bool extractor_more(struct extractor *x, struct event *event)
{
    while (span_is_known(x->each_rest)) {
        struct event blank = *event;
        blank.reply = (struct smtp_reply){.code = 0};
        blank.logged_status = (struct status_code){.class = 0};
        *event = blank;
        if (give_event(x, event)) {
            return true;
        }
    }
    return false;
}

bool extractor_claims(struct extractor *x, const struct program *program,
    const struct pattern *pattern, struct span message)
{
    struct body body = split_queue_id(x, program->format, message);
    return dispatch_begins(pattern, body.text) && claims(x, pattern, &body);
}

bool extractor_run_part(struct extractor *x, const struct program *program,
    const struct pattern *part, struct span text, struct event *event)
{
    if (!dispatch_begins(part, text) ||
        !matching_claims(&x->matching, part, text)) {
        return false;
    }
    memset(x->fields, 0, sizeof(x->fields));
    matching_take(&x->matching, part, x->fields);
    for (size_t i = 0; i < program->format->n_patterns; i++) {
        const struct pattern *p = &program->format->patterns[i];
        struct span value = x->fields[p->of];
        if (p->role == ROLE_PART && p != part && p->of != FIELD_reply &&
            formats_pattern_applies(p, program->name) && span_is_known(value) &&
            dispatch_begins(p, value) &&
            matching_claims(&x->matching, p, value)) {
            x->fields[p->of] = SPAN_NONE;
            matching_take(&x->matching, p, x->fields);
        }
    }
    fill_event(x, program->format, event);
    return true;
}
