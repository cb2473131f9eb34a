/* SPDX-License-Identifier: MIT */
/*
 * libcsv does the reading.  It is made for streams, so each line is fed whole
 * and then finished; its notions of blanks (which it would cut off) and line
 * ends (the line has none) are switched off.
 *
 * A header is read by the same means, into the record that holds the names:
 * the value of its n-th pair is the name of column n.
 */
#include "parse/csv_record.h"

#include "base/limits.h"
#include "base/memory.h"

#include <csv.h>
#include <stdlib.h>

struct csv_record {
    struct csv_parser parser;
    struct record columns;
    struct record candidate; /* a header while it is being judged */
};

/* What the callback needs to know about the row being read. */
struct row {
    const struct record *columns; /* NULL: this is the header */
    struct record *out;
    size_t n_values;
};

static int never(unsigned char c)
{
    (void)c;
    return 0;
}

static void *grow(void *p, size_t size)
{
    return memory_grow(p, size, 1);
}

struct csv_record *csv_record_create(void)
{
    struct csv_record *c = memory_zalloc(1, sizeof(*c));
    csv_init(&c->parser, 0); /* cannot fail: takes no memory yet */
    csv_set_space_func(&c->parser, never);
    csv_set_term_func(&c->parser, never);
    csv_set_realloc_func(&c->parser, grow);
    record_init(&c->columns);
    record_init(&c->candidate);
    return c;
}

void csv_record_free(struct csv_record *c)
{
    if (c == NULL) {
        return;
    }
    csv_free(&c->parser);
    record_free(&c->columns);
    record_free(&c->candidate);
    free(c);
}

void csv_record_reset(struct csv_record *c)
{
    record_reset(&c->columns);
}

static void take_name(struct row *row, struct span value)
{
    if (row->out->n_pairs < LIMIT_CSV_COLUMNS) {
        record_add(row->out, SPAN_LITERAL(""), span_trim(value));
    }
}

static void take_value(void *bytes, size_t len, void *data)
{
    struct row *row = data;
    struct span value = {bytes != NULL ? bytes : "", len};
    size_t at = row->n_values++;
    if (row->columns == NULL) {
        take_name(row, value);
    } else if (at < row->columns->n_pairs) {
        record_add(row->out, row->columns->pairs[at].value, value);
    }
}

/* Feed ${line} to libcsv; false if a quote in it did not end. */
static bool read_row(
    struct csv_parser *parser, struct span line, struct row *row)
{
    csv_parse(parser, line.ptr, line.len, take_value, NULL, row);
    csv_set_opts(parser, CSV_STRICT | CSV_STRICT_FINI);
    bool ended = csv_fini(parser, take_value, NULL, row) == 0;
    csv_set_opts(parser, 0);
    if (!ended) {
        /* The strict end refused the last value; this one takes it. */
        csv_fini(parser, take_value, NULL, row);
    }
    return ended;
}

static bool has_column(const struct record *columns, struct span name)
{
    for (size_t i = 0; i < columns->n_pairs; i++) {
        if (span_equal(columns->pairs[i].value, name)) {
            return true;
        }
    }
    return false;
}

/* ${line} without what may stand before the name of the first column. */
static struct span skip_lead(struct span line)
{
    static const struct span mark = SPAN_INIT("\xef\xbb\xbf");
    static const struct span fields = SPAN_INIT("#Fields:");
    if (span_starts(line, mark)) {
        line = span_skip(line, mark.len);
    }
    if (span_starts(line, fields)) {
        return span_trim(span_skip(line, fields.len));
    }
    return span_starts(line, SPAN_LITERAL("#")) ? span_skip(line, 1) : line;
}

bool csv_record_header(struct csv_record *c, struct span line,
    const struct span *names, size_t n_names)
{
    if (n_names == 0 || span_find(line, names[0]) == line.len) {
        return false;
    }
    struct row row = {.out = &c->candidate};
    record_reset(&c->candidate);
    if (!read_row(&c->parser, skip_lead(line), &row)) {
        return false;
    }
    for (size_t i = 0; i < n_names; i++) {
        if (!has_column(&c->candidate, names[i])) {
            return false;
        }
    }
    struct record old = c->columns;
    c->columns = c->candidate;
    c->candidate = old;
    return true;
}

size_t csv_record_n_columns(const struct csv_record *c)
{
    return c->columns.n_pairs;
}

bool csv_record_read(struct csv_record *c, struct span line, struct record *r,
    struct csv_record_shape *shape)
{
    record_reset(r);
    size_t n_columns = c->columns.n_pairs;
    if (line.len == 0 || line.ptr[0] == '#' || n_columns == 0) {
        return false;
    }
    struct row row = {.columns = &c->columns, .out = r};
    bool ended = read_row(&c->parser, line, &row);
    if (shape != NULL) {
        size_t n = row.n_values;
        shape->n_missing = n < n_columns ? n_columns - n : 0;
        shape->n_extra = n > n_columns ? n - n_columns : 0;
        shape->unterminated = !ended;
    }
    return true;
}
