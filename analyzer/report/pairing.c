/* SPDX-License-Identifier: MIT */
/*
 * The keys of a row, written one after the other, are interned, and the number
 * that gives is the pair of rows it belongs to.
 */
#include "report/pairing.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"
#include "report/format.h"

#include <stdlib.h>

static void write_key(const struct table *t, size_t row, struct buffer *key)
{
    buffer_reset(key);
    for (size_t i = 0; i < table_n_columns(t); i++) {
        const struct column *column = table_column(t, i);
        if (column->role == COLUMN_KEY) {
            format_machine(key, table_cell(t, row, i), column->kind);
            buffer_add_char(key, '\0');
        }
    }
}

/* The pair of ${key}; a key that came before on this side gets another one,
 * so that no row is lost. */
static struct pairing_pair *find_pair(
    struct pairing *p, int side, struct buffer *key)
{
    for (;;) {
        /* number 0 is the empty text, which is no key */
        size_t i = intern_add(p->keys, buffer_span(key)) - 1;
        if (i == p->n) {
            p->list = memory_grow(p->list, p->n + 1, sizeof *p->list);
            p->list[p->n++] = (struct pairing_pair){
                .rows = {PAIRING_NO_ROW, PAIRING_NO_ROW}, .place = i};
        }
        if (p->list[i].rows[side] == PAIRING_NO_ROW) {
            return &p->list[i];
        }
        buffer_add_char(key, '\0');
    }
}

static double chief_of(const struct table *t, size_t row)
{
    double sum = 0;
    for (size_t i = 0; i < table_n_columns(t); i++) {
        const struct column *column = table_column(t, i);
        if (column->role == COLUMN_CHIEF && column->kind != COLUMN_SHARE) {
            sum += table_value(table_cell(t, row, i));
        }
    }
    return sum;
}

static void pair_rows(struct pairing *p, int side)
{
    const struct table *t = p->sides[side];
    struct buffer key;
    buffer_init(&key, LIMIT_REPORT_LEN);
    for (size_t row = 0; row < table_n_rows(t); row++) {
        write_key(t, row, &key);
        struct pairing_pair *pair = find_pair(p, side, &key);
        pair->rows[side] = row;
        pair->chief[side] = chief_of(t, row);
        pair->direction = table_text(t, row, "direction");
    }
    buffer_free(&key);
}

struct pairing pairing_make(const struct table *now, const struct table *before)
{
    struct pairing p = {.sides = {now, before}, .keys = intern_create()};
    pair_rows(&p, PAIRING_NOW);
    pair_rows(&p, PAIRING_BEFORE);
    return p;
}

void pairing_reset(struct pairing *p)
{
    intern_free(p->keys);
    free(p->list);
    *p = (struct pairing){.n = 0};
}
