/* SPDX-License-Identifier: MIT */
#include "parse/keeping.h"

#include "base/limits.h"
#include "base/memory.h"
#include "parse/pieces.h"
#include "parse/recall.h"
#include "parse/roster.h"

#include <stdlib.h>

struct keeping {
    struct recall *recall;
    struct recall *notes;   /* texts of failures, by what they concern */
    struct recall *rosters; /* of recipients, kept as one text */
    bool asked;             /* the line is one that remembers */
    int64_t now;            /* of the line, microseconds */
    int64_t first;          /* of the source's first line; 0: none yet */
    uint64_t key;           /* that the line named; 0: none */
    uint64_t given;         /* that it named when it was held; 0: not known */
    int64_t span;           /* for how long the line's pack remembers */
    struct roster roster;
    struct span host;              /* whose lines are read; borrowed */
    char listed[LIMIT_ROSTER_LEN]; /* what the roster gives */
    char added[LIMIT_REPLY_LEN];   /* a text behind what is kept */
};

struct keeping *keeping_create(void)
{
    struct keeping *k = memory_zalloc(1, sizeof(*k));
    k->recall = recall_create();
    k->notes = recall_create();
    k->rosters = recall_create();
    return k;
}

void keeping_free(struct keeping *k)
{
    if (k == NULL) {
        return;
    }
    recall_free(k->rosters);
    recall_free(k->notes);
    recall_free(k->recall);
    free(k);
}

void keeping_reset(struct keeping *k)
{
    recall_reset(k->recall);
    recall_reset(k->notes);
    recall_reset(k->rosters);
    k->first = 0;
}

void keeping_line(struct keeping *k, struct span host, int64_t now)
{
    k->host = host;
    k->now = now;
    k->asked = false;
    k->key = 0;
    if (k->first == 0) {
        k->first = now;
    }
}

void keeping_span(struct keeping *k, int64_t seconds)
{
    int64_t span = seconds * 1000000;
    k->asked = true;
    k->span = seconds;
    recall_line(k->recall, k->now, k->first, span);
    recall_line(k->notes, k->now, k->first, span);
    recall_line(k->rosters, k->now, k->first, span);
}

bool keeping_is_unsure(const struct keeping *k)
{
    return k->asked &&
           (recall_met_unknown(k->recall) || recall_met_unknown(k->notes) ||
               recall_met_unknown(k->rosters));
}

struct recall *keeping_recall(struct keeping *k, enum keeping_kind kind)
{
    return kind == KEEPING_FIELDS  ? k->recall
           : kind == KEEPING_NOTES ? k->notes
                                   : k->rosters;
}

void keeping_begin(struct keeping *k, struct span name)
{
    if (span_is_known(name)) {
        uint64_t key = span_hash(name) ^ span_hash(k->host);
        recall_begin(k->recall, key);
        recall_begin(k->rosters, key);
    }
}

/* A name may hold addresses, which are hidden in a line that was held. */
static uint64_t key_of(struct keeping *k, const struct span *fields)
{
    if (k->given == 0) {
        k->key = span_hash(fields[FIELD_key]) ^ span_hash(k->host);
    }
    return k->given != 0 ? k->given : k->key;
}

uint64_t keeping_key(const struct keeping *k)
{
    return k->key;
}

void keeping_give_key(struct keeping *k, uint64_t key)
{
    k->given = key;
}

/* ${next} behind the text that is kept, with a blank between. */
static struct span behind_kept(
    struct keeping *k, uint64_t key, struct span next)
{
    struct span kept[FIELD_COUNT];
    memset(kept, 0, sizeof(kept));
    recall_get(k->recall, key, kept);
    struct span first = kept[FIELD_text];
    if (first.len == 0 || first.len + 1 >= sizeof(k->added)) {
        return first.len == 0 ? next : first;
    }
    size_t room = sizeof(k->added) - first.len - 1;
    next.len = next.len < room ? next.len : room;
    memcpy(k->added, first.ptr, first.len);
    k->added[first.len] = ' ';
    if (next.len > 0) {
        memcpy(k->added + first.len + 1, next.ptr, next.len);
    }
    return (struct span){k->added, first.len + 1 + next.len};
}

/* What was pushed first also says what kind of event its answer is: this
 * line's own kind is for when nothing was. */
static void shift(struct keeping *k, struct span *fields)
{
    struct span kind = fields[FIELD_kind];
    fields[FIELD_kind] = SPAN_NONE;
    recall_shift(k->recall, key_of(k, fields), fields);
    if (!span_is_known(fields[FIELD_kind])) {
        fields[FIELD_kind] = kind;
    }
}

void keeping_get(
    struct keeping *k, const struct pattern *p, struct span *fields)
{
    bool gets = p->memory == MEMORY_GET || p->memory == MEMORY_TAKE;
    if ((!gets && p->memory != MEMORY_SHIFT) ||
        !span_is_known(fields[FIELD_key])) {
        return;
    }
    uint64_t key = key_of(k, fields);
    if (p->memory == MEMORY_SHIFT) {
        shift(k, fields);
    }
    if (gets && span_is_known(fields[FIELD_text])) {
        fields[FIELD_text] = behind_kept(k, key, fields[FIELD_text]);
    }
    recall_get(k->recall, key, fields);
}

void keeping_push(
    struct keeping *k, const struct pattern *p, const struct span *fields)
{
    struct span pushed[FIELD_COUNT];
    if (!span_is_known(fields[FIELD_key])) {
        return;
    }
    uint64_t key = key_of(k, fields);
    if (p->memory == MEMORY_NEXT) {
        memset(pushed, 0, sizeof(pushed));
        recall_shift(k->recall, key, pushed);
    }
    memcpy(pushed, fields, sizeof(pushed));
    pushed[FIELD_key] = SPAN_NONE;
    recall_push(k->recall, key, pushed);
}

/* A line that shifts keeps what it says unless that makes it an outcome: a
 * recipient that was accepted is the session's. */
static bool keeps(const struct pattern *p, const struct span *fields)
{
    bool silent_shift =
        p->memory == MEMORY_SHIFT && !span_is_known(fields[FIELD_disposition]);
    return (p->memory == MEMORY_SET || p->memory == MEMORY_ADD ||
               silent_shift) &&
           span_is_known(fields[FIELD_key]);
}

void keeping_put(struct keeping *k, const struct pattern *p,
    const struct span *fields, struct span text)
{
    static const enum field kept[] = {FIELD_queue_id, FIELD_sender,
        FIELD_recipient, FIELD_peer, FIELD_peer_ip};
    struct span put[FIELD_COUNT];
    if (!keeps(p, fields)) {
        return;
    }
    memset(put, 0, sizeof(put));
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        put[kept[i]] = fields[kept[i]];
    }
    if (p->each == FIELD_recipient) {
        put[FIELD_recipient] = SPAN_NONE; /* the roster has them all */
    }
    uint64_t key = key_of(k, fields);
    if (p->memory == MEMORY_ADD) {
        put[FIELD_text] = behind_kept(k, key, text);
    }
    recall_set(k->recall, key, put);
}

/* What stands behind the first ${mark} of ${s}; SPAN_NONE without any. */
static struct span behind(struct span s, char mark)
{
    const char *at = s.len > 0 ? memchr(s.ptr, mark, s.len) : NULL;
    return at != NULL ? span_skip(s, (size_t)(at - s.ptr) + 1) : SPAN_NONE;
}

/* What the address or host in ${f} belongs to: its domain. */
static struct span place_of(enum field f, struct span place)
{
    if (f == FIELD_peer) {
        return behind(place, '.');
    }
    struct span domain = SPAN_NONE;
    for (struct span s = place; f == FIELD_recipient && span_is_known(s);) {
        domain = s;
        s = behind(s, '@');
    }
    return f == FIELD_recipient ? domain : place;
}

/* A message has a copy for each domain, and failures of its own. */
static uint64_t note_key(
    const struct keeping *k, struct span place, const struct span *fields)
{
    return span_hash(place) ^ span_hash(fields[FIELD_copy]) ^
           span_hash(k->host);
}

/* A failure of one message is a part of its life: what is not known of that
 * is not known of the failure, and both are told to whoever asks. */
static bool is_known(
    const struct keeping *k, enum field f, const struct span *fields)
{
    uint64_t key = span_hash(fields[f]) ^ span_hash(k->host);
    return f == FIELD_queue_id && recall_knows(k->rosters, key);
}

struct span keeping_noted(
    struct keeping *k, enum field f, const struct span *fields)
{
    struct span noted[FIELD_COUNT];
    struct span place = place_of(f, fields[f]);
    memset(noted, 0, sizeof(noted));
    uint64_t key = note_key(k, place, fields);
    if (span_is_known(place) && is_known(k, f, fields) &&
        !recall_knows(k->notes, key)) {
        recall_begin(k->notes, key);
    }
    if (span_is_known(place)) {
        recall_get(k->notes, key, noted);
    }
    return noted[FIELD_text];
}

/* A host serves a domain it is in, which may be one of several. */
void keeping_note(struct keeping *k, enum field f, const struct span *fields,
    struct span text)
{
    struct span noted[FIELD_COUNT];
    struct span place = place_of(f, fields[f]);
    memset(noted, 0, sizeof(noted));
    noted[FIELD_text] = text;
    while (span_is_known(place)) {
        uint64_t key = note_key(k, place, fields);
        if (f != FIELD_queue_id || is_known(k, f, fields)) {
            recall_begin(k->notes, key);
        }
        recall_set(k->notes, key, noted);
        place = f == FIELD_peer ? behind(place, '.') : SPAN_NONE;
    }
}

void keeping_forget(struct keeping *k, const struct pattern *p, struct span key)
{
    bool ends = p->memory == MEMORY_TAKE || p->memory == MEMORY_FORGET;
    if (ends && span_is_known(key)) {
        struct span fields[FIELD_COUNT] = {[FIELD_key] = key};
        recall_forget(k->recall, key_of(k, fields));
    }
}

void keeping_roster(
    struct keeping *k, const struct pattern *p, struct span *base)
{
    struct span kept[FIELD_COUNT];
    if (p->memory == MEMORY_NONE || !span_is_known(base[FIELD_key])) {
        return;
    }
    uint64_t key = key_of(k, base);
    memset(kept, 0, sizeof(kept));
    recall_get(k->rosters, key, kept);
    roster_load(&k->roster, kept[FIELD_recipient]);
    bool asks = p->memory == MEMORY_GET || p->memory == MEMORY_TAKE;
    if (asks && !span_is_known(base[FIELD_recipient])) {
        int64_t copy = 0;
        span_number(base[FIELD_copy], &copy);
        base[FIELD_recipient] =
            roster_list(&k->roster, copy, p->separator, k->listed);
    }
    struct span rest = base[FIELD_recipient];
    if (p->memory == MEMORY_GET || !span_is_known(rest)) {
        return;
    }
    while (span_is_known(rest)) {
        struct span address = pieces_take(&rest, p->separator);
        (asks ? roster_strike : roster_enlist)(&k->roster, address);
    }
    memset(kept, 0, sizeof(kept));
    kept[FIELD_recipient] = roster_text(&k->roster);
    recall_set(k->rosters, key, kept);
}

/* ---- from one source to the next ---- */

enum { HEAD_LEN = 5, STRUCK_FOR = 3600 /* seconds */ };

struct writing {
    struct keeping *keeping;
    enum keeping_kind kind;
    struct buffer *out;
};

/* Does anybody in the roster still stand? */
static bool stands(struct span bytes)
{
    return span_find(bytes, SPAN_LITERAL("+")) < bytes.len;
}

/* A roster of which all were struck serves for what follows at once. */
static bool is_over(const struct writing *w, int64_t touched, struct span bytes)
{
    int64_t span = w->keeping->span;
    if (w->kind == KEEPING_ROSTERS && !stands(bytes)) {
        span = STRUCK_FOR;
    }
    return w->keeping->now - touched > span * 1000000;
}

static void write_one(
    void *context, uint64_t key, int64_t touched, bool empty, struct span bytes)
{
    struct writing *w = context;
    (void)key;
    if (empty || is_over(w, touched, bytes)) {
        return;
    }
    buffer_add_char(w->out, (char)w->kind);
    for (int i = 0; i < 32; i += 8) {
        buffer_add_char(w->out, (char)(bytes.len >> i & 255));
    }
    buffer_add(w->out, bytes);
}

void keeping_write(
    struct keeping *k, const struct recall_hiding *hiding, struct buffer *out)
{
    for (int kind = 0; kind < KEEPING_KINDS; kind++) {
        struct writing w = {k, (enum keeping_kind)kind, out};
        recall_each(keeping_recall(k, w.kind), hiding, write_one, &w);
    }
}

struct span keeping_next(struct span *rest, enum keeping_kind *kind)
{
    size_t len = 0;
    if (rest->len < HEAD_LEN || (unsigned char)rest->ptr[0] >= KEEPING_KINDS) {
        return SPAN_NONE;
    }
    *kind = (enum keeping_kind)rest->ptr[0];
    for (int i = 0; i < 4; i++) {
        len |= (size_t)(unsigned char)rest->ptr[1 + i] << (8 * i);
    }
    *rest = span_skip(*rest, HEAD_LEN);
    if (len > rest->len) {
        return SPAN_NONE;
    }
    struct span bytes = span_first(*rest, len);
    *rest = span_skip(*rest, len);
    return bytes;
}
