/* SPDX-License-Identifier: MIT */
/*
 * An event is half a kilobyte of spans, of which counting needs a handful, and
 * of a delivery neither reply nor line.  So an item holds offsets into one
 * buffer of text.  What one item has in common with the one before (host,
 * program) is not copied again.
 */
#include "pipeline/batch.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

/* An item of a batch: which of its texts are there depends on its kind. */
enum item_kind { ITEM_EVENT, ITEM_LINES, ITEM_UNKNOWN, ITEM_HELD };

enum text {
    TEXT_MTA,
    TEXT_PROGRAM,
    TEXT_HOST,
    TEXT_QUEUE_ID,
    TEXT_SENDER,
    TEXT_RECIPIENT,
    TEXT_PROVIDER,
    N_SHORT_TEXTS, /* the rest comes with a verdict only */
    TEXT_LINE = N_SHORT_TEXTS,
    TEXT_CAUSE,
    TEXT_DETAIL,
    TEXT_RULE,
    TEXT_TEMPLATE,
    TEXT_DNSBL,
    TEXT_ADDRESS,
    N_TEXTS
};

#define UNKNOWN_TEXT UINT32_MAX

struct piece {
    uint32_t at; /* in the text; UNKNOWN_TEXT: SPAN_NONE */
    uint32_t len;
};

/* What an item is about; the pieces of its texts stand apart. */
struct item {
    int64_t time;
    int64_t delay;
    int64_t n; /* of an event: repeat; of lines: how many */
    uint64_t line_hash;
    uint64_t key;    /* of the verdict */
    uint32_t pieces; /* number of its first one */
    struct status_code status;
    struct status_code logged;
    uint16_t code;
    uint8_t what; /* enum item_kind */
    uint8_t kind;
    uint8_t direction;
    uint8_t disposition;
    uint8_t stage;
    uint8_t class;
    bool first;
    bool judged; /* it has all texts, else the short ones */
    bool listed; /* of the verdict */
};

struct batch {
    struct item *items;
    size_t n_items;
    size_t items_cap;
    struct piece *pieces;
    size_t n_pieces;
    size_t pieces_cap;
    struct buffer text;
    struct piece last[N_TEXTS]; /* of each kind of text, the last one */
    const char *line;           /* where the text of the last line lay */
};

struct batch *batch_create(void)
{
    struct batch *b = memory_zalloc(1, sizeof(*b));
    buffer_init(&b->text, LIMIT_BATCH_TEXT);
    return b;
}

void batch_free(struct batch *b)
{
    if (b == NULL) {
        return;
    }
    buffer_free(&b->text);
    free(b->pieces);
    free(b->items);
    free(b);
}

void batch_reset(struct batch *b)
{
    b->n_items = 0;
    b->n_pieces = 0;
    b->line = NULL;
    memset(b->last, 0, sizeof(b->last));
    buffer_reset(&b->text);
}

bool batch_is_full(const struct batch *b)
{
    return b->n_items >= LIMIT_BATCH_ITEMS || b->text.len >= LIMIT_BATCH_LEN;
}

static struct span text_of(const struct batch *b, struct piece p)
{
    if (p.len == 0) {
        return p.at == UNKNOWN_TEXT ? SPAN_NONE : SPAN_LITERAL("");
    }
    return (struct span){b->text.bytes + p.at, p.len};
}

/* ---- in ---- */

static struct item *add_item(struct batch *b, enum item_kind what)
{
    if (b->n_items == b->items_cap) {
        b->items_cap = b->items_cap > 0 ? 2 * b->items_cap : 256;
        b->items = memory_grow(b->items, b->items_cap, sizeof(*b->items));
    }
    if (b->n_pieces + N_TEXTS > b->pieces_cap) {
        b->pieces_cap = b->pieces_cap > 0 ? 2 * b->pieces_cap : 4096;
        b->pieces = memory_grow(b->pieces, b->pieces_cap, sizeof(*b->pieces));
    }
    struct item *item = &b->items[b->n_items++];
    *item =
        (struct item){.what = (uint8_t)what, .pieces = (uint32_t)b->n_pieces};
    return item;
}

/* Add ${s} as the next piece of the last item, which is of kind ${which}. */
static void add_text(struct batch *b, enum text which, struct span s)
{
    struct piece *p = &b->pieces[b->n_pieces++];
    if (!span_is_known(s)) {
        *p = (struct piece){.at = UNKNOWN_TEXT};
        return;
    }
    struct piece *last = &b->last[which];
    if (last->len != s.len || !span_equal(text_of(b, *last), s)) {
        *last = (struct piece){(uint32_t)b->text.len, (uint32_t)s.len};
        buffer_add(&b->text, s);
    }
    *p = *last;
}

/* The line of several recipients is there once. */
static void add_line(struct batch *b, struct span line)
{
    if (line.ptr != NULL && line.ptr == b->line) {
        b->pieces[b->n_pieces++] = b->last[TEXT_LINE];
        return;
    }
    b->last[TEXT_LINE] = (struct piece){.at = 0};
    add_text(b, TEXT_LINE, line);
    b->line = line.ptr;
}

static void add_verdict(
    struct batch *b, const struct event *e, const struct verdict *v)
{
    add_line(b, e->line);
    add_text(b, TEXT_CAUSE, v->cause);
    add_text(b, TEXT_DETAIL, v->detail);
    add_text(b, TEXT_RULE, v->rule);
    add_text(b, TEXT_TEMPLATE, v->template);
    add_text(b, TEXT_DNSBL, v->dnsbl);
    add_text(b, TEXT_ADDRESS, v->address);
}

void batch_event(
    struct batch *b, const struct event *e, const struct verdict *v, bool first)
{
    struct item *item = add_item(b, ITEM_EVENT);
    b->line = first ? NULL : b->line;
    item->time = e->time;
    item->delay = e->delay;
    item->n = e->repeat;
    item->line_hash = e->line_hash;
    item->key = v->key;
    item->status = e->reply.status;
    item->logged = e->logged_status;
    item->code = (uint16_t)e->reply.code;
    item->kind = (uint8_t)e->kind;
    item->direction = (uint8_t)e->direction;
    item->disposition = (uint8_t)e->disposition;
    item->stage = (uint8_t)e->stage;
    item->first = first;
    item->judged = span_is_known(v->cause);
    item->listed = v->listed;
    add_text(b, TEXT_MTA, e->mta);
    add_text(b, TEXT_PROGRAM, e->program);
    add_text(b, TEXT_HOST, e->host);
    add_text(b, TEXT_QUEUE_ID, e->queue_id);
    add_text(b, TEXT_SENDER, e->sender);
    add_text(b, TEXT_RECIPIENT, e->recipient);
    add_text(b, TEXT_PROVIDER, v->provider);
    if (item->judged) {
        add_verdict(b, e, v);
    }
}

void batch_lines(struct batch *b, struct span mta, struct span program,
    enum line_class class, int64_t n)
{
    struct item *item = add_item(b, ITEM_LINES);
    item->class = (uint8_t) class;
    item->n = n;
    add_text(b, TEXT_MTA, mta);
    add_text(b, TEXT_PROGRAM, program);
}

void batch_unknown(struct batch *b, struct span mta, struct span program,
    struct span template, struct span line)
{
    add_item(b, ITEM_UNKNOWN);
    b->line = NULL;
    add_text(b, TEXT_MTA, mta);
    add_text(b, TEXT_PROGRAM, program);
    add_text(b, TEXT_TEMPLATE, template);
    add_line(b, line);
}

void batch_held(struct batch *b, const struct event *e, uint64_t key)
{
    struct item *item = add_item(b, ITEM_HELD);
    item->key = key;
    item->time = e->time;
    item->n = e->repeat;
    item->line_hash = e->line_hash;
    add_text(b, TEXT_MTA, e->mta);
    add_text(b, TEXT_PROGRAM, e->program);
    add_text(b, TEXT_HOST, e->host);
    add_text(b, TEXT_QUEUE_ID, e->queue_id);
    b->line = NULL;
    add_line(b, e->line);
    b->line = NULL; /* what is hidden lies where the next will */
}

/* ---- out ---- */

static void give_event(const struct batch *b, const struct item *item,
    const struct batch_taker *taker)
{
    const struct piece *p = &b->pieces[item->pieces];
    struct event e = {.kind = (enum event_kind)item->kind,
        .time = item->time,
        .host = text_of(b, p[TEXT_HOST]),
        .mta = text_of(b, p[TEXT_MTA]),
        .program = text_of(b, p[TEXT_PROGRAM]),
        .queue_id = text_of(b, p[TEXT_QUEUE_ID]),
        .direction = (enum direction)item->direction,
        .disposition = (enum disposition)item->disposition,
        .stage = (enum stage)item->stage,
        .sender = text_of(b, p[TEXT_SENDER]),
        .recipient = text_of(b, p[TEXT_RECIPIENT]),
        .reply = {.code = item->code, .status = item->status},
        .logged_status = item->logged,
        .delay = item->delay,
        .repeat = item->n,
        .line_hash = item->line_hash};
    struct verdict v = {.key = item->key,
        .listed = item->listed,
        .provider = text_of(b, p[TEXT_PROVIDER])};
    if (item->judged) {
        e.line = text_of(b, p[TEXT_LINE]);
        v.cause = text_of(b, p[TEXT_CAUSE]);
        v.detail = text_of(b, p[TEXT_DETAIL]);
        v.rule = text_of(b, p[TEXT_RULE]);
        v.template = text_of(b, p[TEXT_TEMPLATE]);
        v.dnsbl = text_of(b, p[TEXT_DNSBL]);
        v.address = text_of(b, p[TEXT_ADDRESS]);
    }
    taker->event(taker->context, &e, &v, item->first);
}

static void give_held(const struct batch *b, const struct item *item,
    const struct batch_taker *taker)
{
    const struct piece *p = &b->pieces[item->pieces];
    struct event e = {.time = item->time,
        .repeat = item->n,
        .line_hash = item->line_hash,
        .mta = text_of(b, p[TEXT_MTA]),
        .program = text_of(b, p[TEXT_PROGRAM]),
        .host = text_of(b, p[TEXT_HOST]),
        .queue_id = text_of(b, p[TEXT_QUEUE_ID]),
        .line = text_of(b, p[TEXT_QUEUE_ID + 1])};
    taker->held(taker->context, &e, item->key);
}

static void give_item(const struct batch *b, const struct item *item,
    const struct batch_taker *taker)
{
    const struct piece *p = &b->pieces[item->pieces];
    switch ((enum item_kind)item->what) {
    case ITEM_EVENT:
        give_event(b, item, taker);
        break;
    case ITEM_LINES:
        taker->lines(taker->context, text_of(b, p[0]), text_of(b, p[1]),
            (enum line_class)item->class, item->n);
        break;
    case ITEM_UNKNOWN:
        taker->unknown(taker->context, text_of(b, p[0]), text_of(b, p[1]),
            text_of(b, p[2]), text_of(b, p[3]));
        break;
    case ITEM_HELD:
        give_held(b, item, taker);
        break;
    }
}

void batch_give(const struct batch *b, const struct batch_taker *taker)
{
    for (size_t i = 0; i < b->n_items; i++) {
        give_item(b, &b->items[i], taker);
    }
}
