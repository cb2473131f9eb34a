/* SPDX-License-Identifier: MIT */
#include "aggregate/journal.h"

#include "base/memory.h"

#include <stdlib.h>

#define NAME(name, text) SPAN_INIT(text),
static const struct span kinds[] = {QUEUE_ROW_LIST(NAME)};

const char *journal_kind_name(enum queue_row_kind kind)
{
    return kinds[kind].ptr;
}

bool journal_kind_parse(struct span s, enum queue_row_kind *kind)
{
    for (int i = 1; i < QUEUE_ROW_COUNT; i++) {
        if (span_equal(s, kinds[i])) {
            *kind = (enum queue_row_kind)i;
            return true;
        }
    }
    return false;
}

struct journal_row journal_of_life(
    const struct life *life, enum queue_row_kind kind)
{
    struct journal_row row;
    memset(&row, 0, sizeof(row));
    row.key = life->key;
    row.kind = (uint8_t)kind;
    row.reply = JOURNAL_NO_REPLY;
    row.n = 1;
    row.counted = true;
    bool arrival = kind == QUEUE_ROW_ARRIVAL;
    row.time = arrival ? life->arrival_time : life->sender_time;
    row.seq = arrival ? life->arrival_seq : life->sender_seq;
    row.has_sender = kind == QUEUE_ROW_SENDER;
    row.sender = row.has_sender ? life->sender : 0;
    return row;
}

struct journal_row journal_of_waiting(
    const struct life *life, const struct waiting *w)
{
    struct journal_row row = journal_of_life(life, QUEUE_ROW_ATTEMPT);
    row.time = w->time;
    row.seq = w->seq;
    row.recipient = w->recipient;
    row.has_recipient = true;
    row.domain = w->domain;
    row.provider = w->provider;
    row.event = (uint8_t)w->event;
    row.direction = (uint8_t)w->direction;
    row.disposition = (uint8_t)w->disposition;
    return row;
}

struct queue_row journal_spell(
    const struct journal_row *r, struct journal_names names, bool open)
{
    struct queue_row row = {.host = intern_text(names.hosts, r->key.host),
        .queue_id = lives_key_id(&r->key),
        .time = r->time,
        .seq = r->seq,
        .kind = (enum queue_row_kind)r->kind,
        .open = open,
        .counted = r->counted,
        .event = (enum event_kind)r->event,
        .direction = (enum direction)r->direction,
        .disposition = (enum disposition)r->disposition,
        .sender_domain =
            r->has_sender ? intern_text(names.names, r->sender) : SPAN_NONE,
        .recipient = r->recipient,
        .recipient_domain =
            r->has_recipient ? intern_text(names.names, r->domain) : SPAN_NONE,
        .provider = r->has_recipient ? intern_text(names.names, r->provider)
                                     : SPAN_NONE,
        .reply = r->reply,
        .n = r->n};
    return row;
}

void journal_add(struct journal *j, const struct journal_row *row)
{
    if (j->n == j->cap) {
        j->cap = j->cap != 0 ? j->cap * 2 : 64;
        j->rows = memory_grow(j->rows, j->cap, sizeof(*j->rows));
    }
    j->rows[j->n++] = *row;
}

size_t journal_bytes(const struct journal *j)
{
    return j->cap * sizeof(*j->rows);
}

void journal_reset(struct journal *j)
{
    free(j->rows);
    *j = (struct journal){.rows = NULL};
}
