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
#include "parse/compose.h"
#include "parse/duration.h"
#include "parse/pairs.h"
#include "parse/recall.h"
#include "parse/roster.h"

#include <stdlib.h>

/* "delivery temporarily suspended: host … said: …" is two; more is hostile. */
enum { MAX_PART_DEPTH = 4 };

struct extractor {
    struct regex_workspace *workspace;
    struct recall *recall;
    struct recall *rosters; /* of recipients, kept as one */
    struct roster roster;
    char listed[LIMIT_ROSTER_LEN]; /* what the roster gives */
    uint64_t host;                 /* hash of the host whose lines are read */
    struct span subject;           /* what the last regex was matched against */
    struct span pairs; /* what stood before it, if the pattern splits */
    struct span fields[FIELD_COUNT];
    /* of a message that tells of several recipients */
    const struct program *program;
    const struct pattern *pattern;
    struct span base[FIELD_COUNT]; /* before parts were taken apart */
    struct span each_rest;         /* what is left of the list */
    struct span text_rest;         /* of the list of texts beside it */
    bool texts_beside;
    bool statuses; /* that list is one of replies */
    char reply[LIMIT_REPLY_LEN];
    char text[LIMIT_REPLY_LEN];  /* translated */
    char added[LIMIT_REPLY_LEN]; /* behind what is kept */
    char composed[4 * LIMIT_REPLY_LEN];
    size_t composed_len;
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
    x->recall = recall_create();
    x->rosters = recall_create();
    return x;
}

void extractor_free(struct extractor *x)
{
    if (x == NULL) {
        return;
    }
    recall_free(x->rosters);
    recall_free(x->recall);
    regex_workspace_free(x->workspace);
    free(x);
}

void extractor_host(struct extractor *x, struct span host)
{
    x->host = span_hash(host);
}

void extractor_reset(struct extractor *x)
{
    recall_reset(x->recall);
    recall_reset(x->rosters);
    x->limit_said = false;
}

const struct pattern *extractor_claimed_by(const struct extractor *x)
{
    return x->pattern;
}

struct span extractor_field(const struct extractor *x, enum field f)
{
    return x->fields[f];
}

/* The queue ID that begins a message: ":" follows it, or the pack's regex takes
 * in the blank behind it. */
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
    bool blank = id.len > 0 && id.ptr[id.len - 1] == ' ';
    if (!blank && !span_starts(rest, SPAN_LITERAL(":"))) {
        return b;
    }
    b.queue_id = span_trim(id);
    b.text = span_trim(blank ? rest : span_skip(rest, 1));
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
    x->subject = text;
    if (span_is_known(p->split)) {
        size_t at = span_find(text, p->split);
        if (at == text.len) {
            return false;
        }
        x->pairs = span_first(text, at);
        x->subject = span_skip(text, at + p->split.len);
    }
    if (p->re == NULL) {
        return true;
    }
    enum regex_result r = regex_match(p->re, x->workspace, x->subject);
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

/* Take what ${p} wants out of its pairs; other keys are passed over, so that
 * fields an MTA adds do no harm. */
static void take_pairs(
    struct extractor *x, const struct pattern *p, struct span rest)
{
    struct pair pair;
    for (int n = 0; n < LIMIT_PAIRS && pairs_next(&rest, p->between, &pair);
         n++) {
        for (unsigned i = 0; i < p->def->keys_count; i++) {
            enum field f = p->keys[i].field;
            if (span_equal(pair.key, p->keys[i].key)) {
                x->fields[f] = f == p->each ? pair.raw : pair.value;
            }
        }
    }
}

static void take_groups(struct extractor *x, const struct pattern *p)
{
    for (unsigned n = 1; n <= regex_n_groups(p->re); n++) {
        struct span group = regex_group(x->workspace, x->subject, n);
        if (p->group_field[n] != NO_FIELD && span_is_known(group)) {
            x->fields[p->group_field[n]] = group;
        }
    }
}

/* The fields that ${p}, which has just claimed x->subject, gives. */
static void take_fields(struct extractor *x, const struct pattern *p)
{
    for (int i = 0; i < p->n_set; i++) {
        x->fields[p->set_fields[i]] = p->set[p->set_fields[i]];
    }
    if (p->re != NULL) {
        take_groups(x, p);
    }
    if (span_is_known(p->split)) {
        x->fields[FIELD_pairs] = x->pairs;
    }
    if (p->def->keys_count > 0) {
        take_pairs(x, p, x->fields[FIELD_pairs]);
    }
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
            take_fields(x, p);
            take_apart(x, program, f, depth + 1);
            return;
        }
    }
}

static struct span value_of(
    const struct format *format, enum field f, struct span value)
{
    for (size_t i = format->first_value[f]; i < format->first_value[f + 1];
         i++) {
        if (span_equal(format->values[i].from, value)) {
            return format->values[i].to;
        }
    }
    return value;
}

static struct span field_of(
    const struct extractor *x, const struct format *format, enum field f)
{
    struct span value = x->fields[f];
    return span_is_known(value) ? value_of(format, f, value) : value;
}

/* A refusal with a 4xx reply is for now, not for good (RFC 5321, 4.2.1). */
static void settle_refusal(struct event *e)
{
    if (e->disposition == DISPOSITION_REJECTED && e->reply.code >= 400 &&
        e->reply.code < 500) {
        e->disposition = DISPOSITION_DEFERRED;
    }
}

/* The code that the MTA tells, or its word for one, apart from the text. */
static void fill_reply_code(
    struct extractor *x, const struct format *format, struct event *e)
{
    int64_t code = 0;
    struct span told = field_of(x, format, FIELD_reply_code);
    if (e->reply.code == 0 && span_number(told, &code) && code >= 200 &&
        code <= 599) {
        e->reply.code = (int)code;
    }
}

static void fill_reply(
    struct extractor *x, const struct format *format, struct event *e)
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
    fill_reply_code(x, format, e);
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
    fill_reply(x, format, e);
    settle_refusal(e);
    bool correlates = e->kind == EVENT_ARRIVAL || e->kind == EVENT_SENDER ||
                      e->kind == EVENT_RELEASE;
    return e->kind != EVENT_UNKNOWN &&
           (correlates || e->disposition != DISPOSITION_UNKNOWN);
}

static uint64_t memory_key(const struct extractor *x)
{
    return span_hash(x->fields[FIELD_key]) ^ x->host;
}

/* ${next} behind the text that is kept, with a blank between. */
static struct span behind_kept(struct extractor *x, struct span next)
{
    struct span kept[FIELD_COUNT];
    memset(kept, 0, sizeof(kept));
    recall_get(x->recall, memory_key(x), kept);
    struct span first = kept[FIELD_text];
    if (first.len == 0 || first.len + 1 >= sizeof(x->added)) {
        return first.len == 0 ? next : first;
    }
    size_t room = sizeof(x->added) - first.len - 1;
    next.len = next.len < room ? next.len : room;
    memcpy(x->added, first.ptr, first.len);
    x->added[first.len] = ' ';
    if (next.len > 0) {
        memcpy(x->added + first.len + 1, next.ptr, next.len);
    }
    return (struct span){x->added, first.len + 1 + next.len};
}

/* What was pushed first also says what kind of event its answer is: this
 * line's own kind is for when nothing was. */
static void shift(struct extractor *x)
{
    struct span kind = x->fields[FIELD_kind];
    x->fields[FIELD_kind] = SPAN_NONE;
    recall_shift(x->recall, memory_key(x), x->fields);
    if (!span_is_known(x->fields[FIELD_kind])) {
        x->fields[FIELD_kind] = kind;
    }
}

/* Fill in what an earlier line said, before the text is taken apart: it may
 * be what is filled in. */
static void get_kept(struct extractor *x, const struct pattern *p)
{
    bool gets = p->memory == MEMORY_GET || p->memory == MEMORY_TAKE;
    if ((!gets && p->memory != MEMORY_SHIFT) ||
        !span_is_known(x->fields[FIELD_key])) {
        return;
    }
    if (p->memory == MEMORY_SHIFT) {
        shift(x);
    }
    if (gets && span_is_known(x->fields[FIELD_text])) {
        x->fields[FIELD_text] = behind_kept(x, x->fields[FIELD_text]);
    }
    recall_get(x->recall, memory_key(x), x->fields);
}

/* All that this line says, for the line that shifts it. */
static void push(struct extractor *x, const struct pattern *p)
{
    struct span fields[FIELD_COUNT];
    if (!span_is_known(x->fields[FIELD_key])) {
        return;
    }
    if (p->memory == MEMORY_NEXT) {
        memset(fields, 0, sizeof(fields));
        recall_shift(x->recall, memory_key(x), fields);
    }
    memcpy(fields, x->fields, sizeof(fields));
    fields[FIELD_key] = SPAN_NONE;
    recall_push(x->recall, memory_key(x), fields);
}

/* Keep what this line says for a later one.  One that shifts does so unless
 * that makes it an outcome: a recipient that was accepted is the session's. */
static void keep(struct extractor *x, const struct pattern *p)
{
    static const enum field kept[] = {FIELD_queue_id, FIELD_sender,
        FIELD_recipient, FIELD_peer, FIELD_peer_ip};
    bool silent_shift = p->memory == MEMORY_SHIFT &&
                        !span_is_known(x->fields[FIELD_disposition]);
    if ((p->memory != MEMORY_SET && p->memory != MEMORY_ADD && !silent_shift) ||
        !span_is_known(x->fields[FIELD_key])) {
        return;
    }
    struct span fields[FIELD_COUNT];
    memset(fields, 0, sizeof(fields));
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        fields[kept[i]] = x->fields[kept[i]];
    }
    if (p->each == FIELD_recipient) {
        fields[FIELD_recipient] = SPAN_NONE; /* the roster has them all */
    }
    if (p->memory == MEMORY_ADD) {
        fields[FIELD_text] = behind_kept(x, x->base[FIELD_text]);
    }
    recall_set(x->recall, memory_key(x), fields);
}

/* Does a reply, or Exchange's bracket around one, begin ${s}? */
static bool begins_status(struct span s)
{
    int64_t code = 0;
    bool coded = s.len >= 4 && (s.ptr[3] == ' ' || s.ptr[3] == '-') &&
                 span_number(span_first(s, 3), &code) && code >= 200 &&
                 code < 600;
    return coded || (s.len > 0 && s.ptr[0] == '[');
}

/* Where the first of the statuses in ${s} ends: the separator may be part of
 * one, but then no other status follows it. */
static size_t status_end(struct span s, struct span separator)
{
    size_t end = span_find(s, separator);
    while (end < s.len && !begins_status(span_skip(s, end + separator.len))) {
        end += separator.len;
        end += span_find(span_skip(s, end), separator);
    }
    return end;
}

static void forget(struct extractor *x, const struct pattern *p)
{
    if (p->memory == MEMORY_TAKE && span_is_known(x->base[FIELD_key])) {
        recall_forget(x->recall, span_hash(x->base[FIELD_key]) ^ x->host);
    }
}

/* The first ${end} bytes of ${rest}, which is advanced behind the separator. */
static struct span cut_piece(
    struct span *rest, size_t end, struct span separator)
{
    struct span piece = span_trim(span_first(*rest, end));
    *rest = end < rest->len ? span_skip(*rest, end + separator.len) : SPAN_NONE;
    if (piece.len >= 2 && piece.ptr[0] == '<' &&
        piece.ptr[piece.len - 1] == '>') {
        piece = (struct span){piece.ptr + 1, piece.len - 2};
    }
    return piece;
}

/* The first of the texts in ${rest}, which is advanced behind it. */
static struct span take_piece(struct span *rest, struct span separator)
{
    return cut_piece(rest, span_find(*rest, separator), separator);
}

static struct span take_status(struct span *rest, struct span separator)
{
    return cut_piece(rest, status_end(*rest, separator), separator);
}

static size_t count_pieces(struct span s, struct span separator)
{
    size_t n = 0;
    while (span_is_known(s)) {
        take_piece(&s, separator);
        n++;
    }
    return n;
}

static size_t count_statuses(struct span s, struct span separator)
{
    size_t n = 0;
    while (span_is_known(s)) {
        take_status(&s, separator);
        n++;
    }
    return n;
}

/* The recipients that lines under this key mean when they name none: fill
 * them in, add those of this line, or strike those whose fate it tells. */
static void use_roster(struct extractor *x, const struct pattern *p)
{
    struct span kept[FIELD_COUNT];
    memset(kept, 0, sizeof(kept));
    recall_get(x->rosters, memory_key(x), kept);
    roster_load(&x->roster, kept[FIELD_recipient]);
    bool asks = p->memory == MEMORY_GET || p->memory == MEMORY_TAKE;
    if (asks && !span_is_known(x->base[FIELD_recipient])) {
        int64_t copy = 0;
        span_number(x->base[FIELD_copy], &copy);
        x->base[FIELD_recipient] =
            roster_list(&x->roster, copy, p->separator, x->listed);
    }
    struct span rest = x->base[FIELD_recipient];
    if (p->memory == MEMORY_GET || !span_is_known(rest)) {
        return;
    }
    while (span_is_known(rest)) {
        struct span address = take_piece(&rest, p->separator);
        (asks ? roster_strike : roster_enlist)(&x->roster, address);
    }
    memset(kept, 0, sizeof(kept));
    kept[FIELD_recipient] = roster_text(&x->roster);
    recall_set(x->rosters, memory_key(x), kept);
}

/* The fields of one recipient, out of those of the message, to an event. */
static bool give_event(struct extractor *x, struct event *event)
{
    const struct pattern *p = x->pattern;
    memcpy(x->fields, x->base, sizeof(x->fields));
    if (p->each != NO_FIELD) {
        x->fields[p->each] = take_piece(&x->each_rest, p->separator);
    }
    if (x->texts_beside) {
        x->fields[FIELD_text] = (x->statuses ? take_status : take_piece)(
            &x->text_rest, p->separator);
    }
    translate_text(x, p);
    get_kept(x, p);
    take_apart(x, x->program, FIELD_relay, 0);
    take_apart(x, x->program, FIELD_text, 0);
    keep(x, p);
    return fill_event(x, x->program->format, event);
}

static enum extract_result give_first(struct extractor *x,
    const struct program *program, const struct pattern *p, struct event *event)
{
    memcpy(x->base, x->fields, sizeof(x->base));
    x->program = program;
    x->pattern = p;
    if (p->each == FIELD_recipient && p->memory != MEMORY_NONE &&
        span_is_known(x->base[FIELD_key])) {
        use_roster(x, p);
    }
    x->each_rest = p->each != NO_FIELD ? x->base[p->each] : SPAN_NONE;
    x->text_rest = x->base[FIELD_text];
    size_t n = count_pieces(x->each_rest, p->separator);
    x->statuses = begins_status(x->text_rest);
    x->texts_beside = p->def->columns_count > 0 && n > 1 &&
                      (x->statuses ? count_statuses : count_pieces)(
                          x->text_rest, p->separator) == n;
    bool only_remembers =
        p->memory != MEMORY_NONE && !span_is_known(x->base[FIELD_kind]);
    bool ok = give_event(x, event);
    if (p->memory == MEMORY_PUSH || p->memory == MEMORY_NEXT) {
        push(x, p);
        return EXTRACT_IGNORED;
    }
    only_remembers = only_remembers || p->memory == MEMORY_SHIFT;
    forget(x, p);
    return ok               ? EXTRACT_EVENT
           : only_remembers ? EXTRACT_IGNORED
                            : EXTRACT_UNKNOWN;
}

enum extract_result extractor_run(struct extractor *x,
    const struct program *program, struct span message, struct event *event)
{
    x->each_rest = SPAN_NONE;
    x->pattern = NULL;
    struct body body = split_queue_id(x, program->format, message);
    unsigned char byte = body.text.len > 0 ? (unsigned char)*body.text.ptr : 0;
    for (size_t i = program->first[byte]; i < program->first[byte + 1]; i++) {
        const struct pattern *p = program->lines[i];
        if (!claims(x, p, &body)) {
            continue;
        }
        x->pattern = p;
        if (p->role == ROLE_IGNORE) {
            return EXTRACT_IGNORED;
        }
        memset(x->fields, 0, sizeof(x->fields));
        x->fields[FIELD_queue_id] = body.queue_id;
        take_fields(x, p);
        event->line = message;
        return give_first(x, program, p, event);
    }
    return EXTRACT_UNKNOWN;
}

static bool is_one_of(struct span value, struct span values)
{
    while (span_is_known(values)) {
        if (span_equal(value, take_piece(&values, SPAN_LITERAL("|")))) {
            return true;
        }
    }
    return false;
}

static bool claims_record(const struct pattern *p, const struct record *record)
{
    for (unsigned i = 0; i < p->def->where_count; i++) {
        struct span value = record_find(record, p->where[i].name);
        if (is_one_of(value, p->where[i].values) == p->where[i].negated) {
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
    for (size_t i = program->first[0]; i < program->first[1]; i++) {
        const struct pattern *p = program->lines[i];
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
        take_fields(x, p);
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
    return claims(x, pattern, &body);
}

bool extractor_run_part(struct extractor *x, const struct program *program,
    const struct pattern *part, struct span text, struct event *event)
{
    if (!matches(x, part, text)) {
        return false;
    }
    memset(x->fields, 0, sizeof(x->fields));
    take_fields(x, part);
    for (size_t i = 0; i < program->format->n_patterns; i++) {
        const struct pattern *p = &program->format->patterns[i];
        struct span value = x->fields[p->of];
        if (p->role == ROLE_PART && p != part && p->of != FIELD_reply &&
            formats_pattern_applies(p, program->name) && span_is_known(value) &&
            matches(x, p, value)) {
            x->fields[p->of] = SPAN_NONE;
            take_fields(x, p);
        }
    }
    fill_event(x, program->format, event);
    return true;
}
