/* SPDX-License-Identifier: MIT */
/* parse/csv_record: rows of CSV under their header. */
#include "parse/csv_record.h"

#include "base/buffer.h"
#include "base/limits.h"

#include <criterion/criterion.h>

/* "name=value|" for each pair. */
static const char *flat(const struct record *r, struct buffer *out)
{
    buffer_reset(out);
    for (size_t i = 0; i < r->n_pairs; i++) {
        buffer_add(out, r->pairs[i].name);
        buffer_add_char(out, '=');
        buffer_add(out, r->pairs[i].value);
        buffer_add_char(out, '|');
    }
    return buffer_string(out);
}

Test(csv_record, header)
{
    static const struct span names[] = {SPAN_INIT("b"), SPAN_INIT("a")};
    static const struct {
        const char *name;
        struct span line;
        size_t columns; /* 0: no header */
    } rows[] = {
        {"Exchange", SPAN_INIT("#Fields: a,b,c"), 3},
        {"Exchange, no blank", SPAN_INIT("#Fields:a,b"), 2},
        {"byte order mark", SPAN_INIT("\xef\xbb\xbf#Fields: a,b,c"), 3},
        {"mark before a row",
            SPAN_INIT("\xef\xbb\xbf"
                      "a,b"),
            2},
        {"row", SPAN_INIT("a,b,c,d"), 4},
        {"row with #", SPAN_INIT("#a,b,c"), 3},
        {"other order", SPAN_INIT("x,b,y,a"), 4},
        {"blanks around names", SPAN_INIT("#Fields: a, b , c"), 3},
        {"quoted names", SPAN_INIT("\"a\",\"b\""), 2},
        {"a column without name", SPAN_INIT("a,,b"), 3},
        {"same name twice", SPAN_INIT("a,b,b"), 3},
        {"NUL and invalid UTF-8", SPAN_INIT("a,b,\0,\xff"), 4},
        {"first missing", SPAN_INIT("a,c"), 0},
        {"second missing", SPAN_INIT("#Fields: b,c"), 0},
        {"parts of names", SPAN_INIT("ab,ba"), 0},
        {"one cell", SPAN_INIT("\"a,b\""), 0},
        {"quote that does not end", SPAN_INIT("a,b,\"c"), 0},
        {"another comment", SPAN_INIT("#Software: a b"), 0},
        {"empty", SPAN_INIT(""), 0},
        {"unknown", {NULL, 0}, 0},
    };
    struct csv_record *c = csv_record_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        csv_record_reset(c);
        bool got = csv_record_header(c, rows[i].line, names, 2);
        cr_expect_eq(got, rows[i].columns > 0, "%s", rows[i].name);
        cr_expect_eq(csv_record_n_columns(c), rows[i].columns, "%s: %zu",
            rows[i].name, csv_record_n_columns(c));
    }
    cr_expect_not(csv_record_header(c, SPAN_LITERAL("a,b"), names, 0));
    csv_record_free(c);
    csv_record_free(NULL);
}

Test(csv_record, rows)
{
    static const struct {
        const char *name;
        struct span line;
        struct span want;
        struct csv_record_shape shape;
    } rows[] = {
        {"plain", SPAN_INIT("1,2,3"), SPAN_INIT("a=1|b=2|c=3|"), {0, 0, false}},
        {"all empty", SPAN_INIT(",,"), SPAN_INIT("a=|b=|c=|"), {0, 0, false}},
        {"quoted", SPAN_INIT("\"1\",\"2\",\"3\""), SPAN_INIT("a=1|b=2|c=3|"),
            {0, 0, false}},
        {"commas", SPAN_INIT("\"1,1\",2,\",\""), SPAN_INIT("a=1,1|b=2|c=,|"),
            {0, 0, false}},
        {"doubled quotes", SPAN_INIT("\"say \"\"x\"\"\",\"\"\"\",\"\""),
            SPAN_INIT("a=say \"x\"|b=\"|c=|"), {0, 0, false}},
        {"quote inside", SPAN_INIT("a\"b\",\"c\"d,e\""),
            SPAN_INIT("a=a\"b\"|b=c\"d,e|"), {1, 0, false}},
        {"blanks stay", SPAN_INIT(" 1 ,\t, \"3\""),
            SPAN_INIT("a= 1 |b=\t|c= \"3\"|"), {0, 0, false}},
        {"parallel lists", SPAN_INIT("x;y,'550 5.1.1;250',"),
            SPAN_INIT("a=x;y|b='550 5.1.1;250'|c=|"), {0, 0, false}},
        {"CR and LF are bytes", SPAN_INIT("1\r,\"2\n2\",3\r"),
            SPAN_INIT("a=1\r|b=2\n2|c=3\r|"), {0, 0, false}},
        {"NUL",
            SPAN_INIT("\0,1\0"
                      "1,\"\0\""),
            SPAN_INIT("a=\0|b=1\0"
                      "1|c=\0|"),
            {0, 0, false}},
        {"invalid UTF-8", SPAN_INIT("\xff,\xc3,\"\xe2\x82\""),
            SPAN_INIT("a=\xff|b=\xc3|c=\xe2\x82|"), {0, 0, false}},
        {"one missing", SPAN_INIT("1,2"), SPAN_INIT("a=1|b=2|"), {1, 0, false}},
        {"two missing", SPAN_INIT("1"), SPAN_INIT("a=1|"), {2, 0, false}},
        {"extra", SPAN_INIT("1,2,3,4,,"), SPAN_INIT("a=1|b=2|c=3|"),
            {0, 3, false}},
        {"quote that does not end", SPAN_INIT("1,\"2,3"),
            SPAN_INIT("a=1|b=2,3|"), {1, 0, true}},
        {"quote at the end", SPAN_INIT("1,2,\""), SPAN_INIT("a=1|b=2|c=|"),
            {0, 0, true}},
        {"after that", SPAN_INIT("1,2,3"), SPAN_INIT("a=1|b=2|c=3|"),
            {0, 0, false}},
    };
    static const struct span names[] = {SPAN_INIT("a")};
    struct csv_record *c = csv_record_create();
    struct record r;
    struct buffer out;
    record_init(&r);
    buffer_init(&out, 1024);
    cr_assert(csv_record_header(c, SPAN_LITERAL("a,b,c"), names, 1));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct csv_record_shape shape;
        cr_expect(csv_record_read(c, rows[i].line, &r, &shape));
        flat(&r, &out);
        cr_expect(span_equal(buffer_span(&out), rows[i].want), "%s: %s",
            rows[i].name, buffer_string(&out));
        cr_expect_eq(shape.n_missing, rows[i].shape.n_missing, "%s: %zu",
            rows[i].name, shape.n_missing);
        cr_expect_eq(shape.n_extra, rows[i].shape.n_extra, "%s: %zu",
            rows[i].name, shape.n_extra);
        cr_expect_eq(
            shape.unterminated, rows[i].shape.unterminated, "%s", rows[i].name);
    }
    buffer_free(&out);
    record_free(&r);
    csv_record_free(c);
}

Test(csv_record, no_rows)
{
    static const struct span names[] = {SPAN_INIT("a")};
    struct csv_record *c = csv_record_create();
    struct record r;
    record_init(&r);
    cr_expect_not(
        csv_record_read(c, SPAN_LITERAL("1,2"), &r, NULL), "before any header");
    cr_assert(csv_record_header(c, SPAN_LITERAL("a,b"), names, 1));
    cr_expect(csv_record_read(c, SPAN_LITERAL("1,2"), &r, NULL));
    cr_expect_not(csv_record_read(c, SPAN_LITERAL(""), &r, NULL));
    cr_expect_not(csv_record_read(c, SPAN_NONE, &r, NULL));
    cr_expect_not(csv_record_read(c, SPAN_LITERAL("#Date: x,y"), &r, NULL));
    cr_expect_eq(r.n_pairs, 0);
    csv_record_reset(c);
    cr_expect_not(csv_record_read(c, SPAN_LITERAL("1,2"), &r, NULL));
    record_free(&r);
    csv_record_free(c);
}

/* A later header takes the place of the one before. */
Test(csv_record, headers_change)
{
    static const struct span names[] = {SPAN_INIT("a")};
    struct csv_record *c = csv_record_create();
    struct record r;
    struct buffer out;
    record_init(&r);
    buffer_init(&out, 1024);
    cr_assert(csv_record_header(c, SPAN_LITERAL("#Fields: a,b"), names, 1));
    cr_expect_not(csv_record_header(c, SPAN_LITERAL("1,a2"), names, 1));
    csv_record_read(c, SPAN_LITERAL("1,a2"), &r, NULL);
    cr_expect_str_eq(flat(&r, &out), "a=1|b=a2|");
    cr_assert(csv_record_header(c, SPAN_LITERAL("#Fields: c,a"), names, 1));
    csv_record_read(c, SPAN_LITERAL("1,2"), &r, NULL);
    cr_expect_str_eq(flat(&r, &out), "c=1|a=2|");
    buffer_free(&out);
    record_free(&r);
    csv_record_free(c);
}

Test(csv_record, hostile_width)
{
    static const struct span names[] = {SPAN_INIT("a")};
    struct csv_record *c = csv_record_create();
    struct record r;
    struct buffer line;
    record_init(&r);
    buffer_init(&line, LIMIT_LINE_LEN);
    buffer_add_char(&line, 'a');
    for (size_t i = 1; i < LIMIT_LINE_LEN; i++) {
        buffer_add_char(&line, ',');
    }
    cr_expect(csv_record_header(c, buffer_span(&line), names, 1));
    cr_expect_eq(csv_record_n_columns(c), LIMIT_CSV_COLUMNS);
    struct csv_record_shape shape;
    cr_expect(csv_record_read(c, buffer_span(&line), &r, &shape));
    cr_expect_eq(r.n_pairs, LIMIT_CSV_COLUMNS);
    cr_expect_eq(shape.n_extra, LIMIT_LINE_LEN - LIMIT_CSV_COLUMNS);

    memset(line.bytes, '"', line.len);
    cr_expect(csv_record_read(c, buffer_span(&line), &r, &shape));
    cr_expect_eq(
        record_find(&r, SPAN_LITERAL("a")).len, LIMIT_LINE_LEN / 2 - 1);
    cr_expect_not(shape.unterminated);
    buffer_free(&line);
    record_free(&r);
    csv_record_free(c);
}
