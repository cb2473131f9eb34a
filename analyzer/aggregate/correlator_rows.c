/* SPDX-License-Identifier: MIT */
/*
 * What the store takes of a correlator, and what it gives back to one that
 * reads on: the journal, and a row for all that an open life knows.
 */
#include "aggregate/correlator_inside.h"

/* The names are gathered anew when there are so many more than needed. */
enum { NAMES_SLACK = 4096 };

static struct journal_names names_of(const struct correlator *c)
{
    return (struct journal_names){c->hosts, c->names};
}

typedef bool row_function(void *context, const struct queue_row *r);

static bool each_row_of(const struct correlator *c, const struct life *life,
    row_function *row, void *context)
{
    bool ok = true;
    if (life->has_arrival) {
        struct journal_row r = journal_of_life(life, QUEUE_ROW_ARRIVAL);
        struct queue_row q = journal_spell(&r, names_of(c), true);
        ok = row(context, &q);
    }
    if (ok && life->has_sender) {
        struct journal_row r = journal_of_life(life, QUEUE_ROW_SENDER);
        struct queue_row q = journal_spell(&r, names_of(c), true);
        ok = row(context, &q);
    }
    struct waiting *w = NULL;
    while (ok && (w = lives_waiting(&c->lives, life, w)) != NULL) {
        struct journal_row r = journal_of_waiting(life, w);
        struct queue_row q = journal_spell(&r, names_of(c), true);
        ok = row(context, &q);
    }
    return ok;
}

bool correlator_each_row(const struct correlator *c,
    bool (*row)(void *context, const struct queue_row *r), void *context)
{
    for (size_t i = 0; i < c->journal.n; i++) {
        struct queue_row q =
            journal_spell(&c->journal.rows[i], names_of(c), false);
        if (!row(context, &q)) {
            return false;
        }
    }
    uint32_t at = c->lives.oldest;
    while (at != 0) {
        const struct life *life = &c->lives.lives[at];
        if (!each_row_of(c, life, row, context)) {
            return false;
        }
        at = life->newer;
    }
    return true;
}

static uint32_t carry_over(
    const struct intern *from, struct intern *to, uint32_t number)
{
    return intern_add(to, intern_text(from, number));
}

/* Keep only the names that open entries use. */
static void gather_names(struct correlator *c)
{
    struct intern *names = intern_create();
    struct life *life = lives_oldest(&c->lives);
    for (; life != NULL; life = lives_newer(&c->lives, life)) {
        life->sender = carry_over(c->names, names, life->sender);
        struct waiting *w = NULL;
        while ((w = lives_waiting(&c->lives, life, w)) != NULL) {
            w->domain = carry_over(c->names, names, w->domain);
            w->provider = carry_over(c->names, names, w->provider);
        }
    }
    intern_free(c->names);
    c->names = names;
}

void correlator_written(struct correlator *c)
{
    journal_reset(&c->journal);
    size_t needed = (size_t)c->lives.n_open + 2 * c->lives.n_waiting_open;
    if (intern_count(c->names) > needed + NAMES_SLACK) {
        gather_names(c);
    }
}

void correlator_restore(struct correlator *c, const struct queue_row *row)
{
    struct life_key key =
        lives_key(intern_add(c->hosts, row->host), row->queue_id);
    struct life *life = lives_find(&c->lives, &key);
    if (life == NULL) {
        life = lives_add(&c->lives, &key);
    }
    if (row->kind == QUEUE_ROW_ARRIVAL) {
        life->has_arrival = true;
        life->arrival_time = row->time;
        life->arrival_seq = row->seq;
    } else if (row->kind == QUEUE_ROW_SENDER) {
        life->has_sender = true;
        life->sender = intern_add(c->names, row->sender_domain);
        life->sender_time = row->time;
        life->sender_seq = row->seq;
    } else if (row->kind == QUEUE_ROW_ATTEMPT) {
        struct waiting w = {.recipient = row->recipient,
            .time = row->time,
            .seq = row->seq,
            .domain = intern_add(c->names, row->recipient_domain),
            .provider = intern_add(c->names, row->provider),
            .direction = row->direction,
            .disposition = row->disposition,
            .event = row->event};
        lives_wait(&c->lives, life, &w);
    }
}
