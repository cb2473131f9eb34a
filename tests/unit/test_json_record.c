/* SPDX-License-Identifier: MIT */
/* parse/json_record: JSON objects as names and values. */
#include "parse/json_record.h"

#include "base/buffer.h"
#include "base/limits.h"

#include <criterion/criterion.h>

/* "name=value|" for each pair. */
static void flatten(const struct record *r, struct buffer *out)
{
    buffer_reset(out);
    for (size_t i = 0; i < r->n_pairs; i++) {
        buffer_add(out, r->pairs[i].name);
        buffer_add_char(out, '=');
        buffer_add(out, r->pairs[i].value);
        buffer_add_char(out, '|');
    }
}

struct json_row {
    const char *name;
    struct span line;
    struct span want; /* unknown: refused */
};

static void check_rows(const struct json_row *rows, size_t n)
{
    struct json_record *j = json_record_create();
    struct record r;
    struct buffer out;
    record_init(&r);
    buffer_init(&out, 4096);
    for (size_t i = 0; i < n; i++) {
        bool got = json_record_read(j, rows[i].line, &r);
        cr_expect_eq(got, span_is_known(rows[i].want), "%s", rows[i].name);
        cr_expect_not(r.overflowed, "%s", rows[i].name);
        flatten(&r, &out);
        cr_expect(span_equal(buffer_span(&out), rows[i].want), "%s: %s",
            rows[i].name, buffer_string(&out));
    }
    buffer_free(&out);
    record_free(&r);
    json_record_free(j);
}

Test(json_record, shapes)
{
    static const struct json_row rows[] = {
        {"empty object", SPAN_INIT("{}"), SPAN_INIT("")},
        {"string", SPAN_INIT("{\"a\":\"b\"}"), SPAN_INIT("a=b|")},
        {"order", SPAN_INIT("{\"z\":1,\"a\":2}"), SPAN_INIT("z=1|a=2|")},
        {"path",
            SPAN_INIT("{\"r\":{\"code\":550,\"e\":{\"class\":5}},\"x\":1}"),
            SPAN_INIT("r.code=550|r.e.class=5|x=1|")},
        {"scalars", SPAN_INIT("{\"to\":[\"a\",\"b\"],\"x\":1}"),
            SPAN_INIT("to=a|to=b|x=1|")},
        {"objects in an array",
            SPAN_INIT("{\"r\":[{\"x\":1},{\"x\":2,\"y\":3}]}"),
            SPAN_INIT("r.0.x=1|r.1.x=2|r.1.y=3|")},
        {"mixed array",
            SPAN_INIT("{\"r\":[\"a\",{\"x\":1},[\"b\",\"c\"],null]}"),
            SPAN_INIT("r=a|r.1.x=1|r.2=b|r.2=c|")},
        {"absent", SPAN_INIT("{\"a\":null,\"b\":{},\"c\":[],\"d\":[null]}"),
            SPAN_INIT("")},
        {"empty text", SPAN_INIT("{\"a\":\"\",\"\":\"b\"}"),
            SPAN_INIT("a=|=b|")},
        {"truth", SPAN_INIT("{\"a\":true,\"b\":false}"),
            SPAN_INIT("a=true|b=false|")},
        {"twice", SPAN_INIT("{\"a\":1,\"b\":2,\"a\":3}"),
            SPAN_INIT("a=3|b=2|")},
        {"name with a dot", SPAN_INIT("{\"a.b\":1}"), SPAN_INIT("a.b=1|")},
        {"blanks around", SPAN_INIT(" \t{ \"a\" : 1 } \r"), SPAN_INIT("a=1|")},
        {"bytes", SPAN_INIT("{\"m\":[72,105,0,255]}"),
            SPAN_INIT("m[]=Hi\0\xff|m=72|m=105|m=0|m=255|")},
        {"no bytes", SPAN_INIT("{\"m\":[72,256],\"n\":[-1],\"o\":[1,\"2\"]}"),
            SPAN_INIT("m=72|m=256|n=-1|o=1|o=2|")},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(json_record, numbers)
{
    static const struct json_row rows[] = {
        {"integers", SPAN_INIT("{\"a\":0,\"b\":-1,\"c\":1757675281}"),
            SPAN_INIT("a=0|b=-1|c=1757675281|")},
        {"63 bits", SPAN_INIT("{\"a\":9223372036854775807}"),
            SPAN_INIT("a=9223372036854775807|")},
        {"64 bits", SPAN_INIT("{\"a\":9223372036854775808}"),
            SPAN_INIT("a=9223372036854775808|")},
        {"all of them", SPAN_INIT("{\"a\":18446744073709551615}"),
            SPAN_INIT("a=18446744073709551615|")},
        {"the lowest", SPAN_INIT("{\"a\":-9223372036854775808}"),
            SPAN_INIT("a=-9223372036854775808|")},
        {"epoch with fraction", SPAN_INIT("{\"a\":1757675281.440526026}"),
            SPAN_INIT("a=1757675281.440526026|")},
        {"as written", SPAN_INIT("{\"a\":1.50,\"b\":1e3,\"c\":0.1}"),
            SPAN_INIT("a=1.50|b=1e3|c=0.1|")},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(json_record, text)
{
    static const struct json_row rows[] = {
        {"escapes", SPAN_INIT("{\"a\":\"\\\"\\\\\\/\\n\\t\\r\\b\\f\"}"),
            SPAN_INIT("a=\"\\/\n\t\r\b\f|")},
        {"NUL", SPAN_INIT("{\"a\":\"x\\u0000y\"}"), SPAN_INIT("a=x\0y|")},
        {"NUL in a name", SPAN_INIT("{\"a\\u0000b\":1}"), SPAN_INIT("a=1|")},
        {"two bytes", SPAN_INIT("{\"a\":\"\\u00e4\"}"),
            SPAN_INIT("a=\xc3\xa4|")},
        {"surrogates", SPAN_INIT("{\"a\":\"\\ud83d\\ude00\"}"),
            SPAN_INIT("a=\xf0\x9f\x98\x80|")},
        {"half a pair", SPAN_INIT("{\"a\":\"\\ud83dx\"}"),
            SPAN_INIT("a=\xef\xbf\xbdx|")},
        {"invalid UTF-8", SPAN_INIT("{\"a\xff\":\"\xfe\xc3\"}"),
            SPAN_INIT("a\xff=\xfe\xc3|")},
        {"raw tab", SPAN_INIT("{\"a\":\"x\ty\"}"), SPAN_INIT("a=x\ty|")},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(json_record, malformed)
{
    static const struct json_row rows[] = {
        {"nothing", SPAN_INIT(""), {NULL, 0}},
        {"unknown", {NULL, 0}, {NULL, 0}},
        {"blanks", SPAN_INIT("  "), {NULL, 0}},
        {"array", SPAN_INIT("[1]"), {NULL, 0}},
        {"string", SPAN_INIT("\"{}\""), {NULL, 0}},
        {"null", SPAN_INIT("null"), {NULL, 0}},
        {"words", SPAN_INIT("Nov 23 12:16:49 mx a: {}"), {NULL, 0}},
        {"brace", SPAN_INIT("{"), {NULL, 0}},
        {"cut in a name", SPAN_INIT("{\"a"), {NULL, 0}},
        {"cut before a value", SPAN_INIT("{\"a\":"), {NULL, 0}},
        {"cut in a value", SPAN_INIT("{\"a\":\"b"), {NULL, 0}},
        {"cut in an escape", SPAN_INIT("{\"a\":\"\\u00"), {NULL, 0}},
        {"cut in a number", SPAN_INIT("{\"a\":12"), {NULL, 0}},
        {"cut in an array", SPAN_INIT("{\"a\":[1,2"), {NULL, 0}},
        {"cut before the end", SPAN_INIT("{\"a\":{\"b\":1}"), {NULL, 0}},
        {"another object", SPAN_INIT("{\"a\":1}{\"b\":2}"), {NULL, 0}},
        {"more", SPAN_INIT("{\"a\":1} x"), {NULL, 0}},
        {"NUL behind it", SPAN_INIT("{\"a\":1}\0"), {NULL, 0}},
        {"raw NUL", SPAN_INIT("{\"a\":\"x\0y\"}"), {NULL, 0}},
        {"unknown word", SPAN_INIT("{\"a\":maybe}"), {NULL, 0}},
        {"no colon", SPAN_INIT("{\"a\" 1}"), {NULL, 0}},
        {"bad escape", SPAN_INIT("{\"a\":\"\\q\"}"), {NULL, 0}},
        /* the reader is none the worse for it */
        {"whole", SPAN_INIT("{\"a\":1}"), SPAN_INIT("a=1|")},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(json_record, bytes)
{
    static const struct {
        const char *line;
        struct span want;
    } rows[] = {
        {"{\"m\":[72,105]}", SPAN_INIT("Hi")},
        {"{\"x\":[1],\"m\":[0]}", SPAN_INIT("\0")},
        {"{\"m\":\"72\"}", {NULL, 0}},
        {"{\"m\":[72,\"x\"]}", {NULL, 0}},
        {"{\"m\":[]}", {NULL, 0}},
        {"{\"mm\":[72]}", {NULL, 0}},
    };
    struct json_record *j = json_record_create();
    struct record r;
    record_init(&r);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_assert(json_record_read(j, span_of(rows[i].line), &r));
        struct span got = json_record_bytes(&r, SPAN_LITERAL("m"));
        cr_expect_eq(
            span_is_known(got), span_is_known(rows[i].want), "row %zu", i);
        cr_expect(span_equal(got, rows[i].want), "row %zu", i);
    }
    record_free(&r);
    json_record_free(j);
}

/* ${head}, ${n} times ${middle}, ${tail} */
static struct span repeated(struct buffer *line, const char *head, size_t n,
    const char *middle, const char *tail)
{
    buffer_reset(line);
    buffer_add_string(line, head);
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(line, middle);
    }
    buffer_add_string(line, tail);
    return buffer_span(line);
}

Test(json_record, hostile)
{
    struct json_record *j = json_record_create();
    struct record r;
    struct buffer b;
    record_init(&r);
    buffer_init(&b, 2 * LIMIT_LINE_LEN);

    /* The objects around the innermost one: LIMIT_JSON_DEPTH in all. */
    const size_t deepest = LIMIT_JSON_DEPTH - 1;
    repeated(&b, "", deepest, "{\"a\":", "{\"z\":1}");
    struct span tail = SPAN_LITERAL("}}}}}}}}}}}}}}}}}}}");
    buffer_add(&b, span_first(tail, deepest));
    cr_expect(json_record_read(j, buffer_span(&b), &r));
    cr_expect_eq(r.n_pairs, 1);
    repeated(&b, "", deepest + 1, "{\"a\":", "{\"z\":1}");
    buffer_add(&b, span_first(tail, deepest + 1));
    cr_expect_not(json_record_read(j, buffer_span(&b), &r), "too deep");
    cr_expect_not(
        json_record_read(j, repeated(&b, "{\"a\":", 200000, "[", ""), &r));
    cr_expect_not(json_record_read(
        j, repeated(&b, "{\"a\":[", 80000, "{},", "{}]}"), &r));

    cr_expect(
        json_record_read(j, repeated(&b, "{\"a\":[", 100000, "1,", "1]}"), &r));
    cr_expect_eq(json_record_bytes(&r, SPAN_LITERAL("a")).len, 100001);
    cr_expect_eq(r.n_pairs, 1);
    cr_expect_not(r.overflowed);

    cr_expect(json_record_read(
        j, repeated(&b, "{\"a\":[", 40000, "1000,", "1]}"), &r));
    cr_expect_eq(r.n_pairs, LIMIT_RECORD_PAIRS);
    cr_expect(r.overflowed);

    buffer_reset(&b);
    buffer_add_char(&b, '{');
    for (int i = 0; i < 20000; i++) {
        buffer_addf(&b, "\"%d\":%d,", i, i);
    }
    buffer_add_string(&b, "\"x\":1}");
    cr_expect(json_record_read(j, buffer_span(&b), &r));
    cr_expect_eq(r.n_pairs, LIMIT_RECORD_PAIRS);
    cr_expect(r.overflowed);

    cr_expect(json_record_read(
        j, repeated(&b, "{\"", 100000, "a", "\":{\"b\":1},\"c\":2}"), &r));
    cr_expect(r.overflowed, "a name beyond the limit");
    cr_expect(
        span_equal(record_find(&r, SPAN_LITERAL("c")), SPAN_LITERAL("2")));

    cr_expect_not(json_record_read(
        j, repeated(&b, "{\"a\":\"", LIMIT_LINE_LEN - 7, "a", "\"}"), &r));
    cr_expect(json_record_read(
        j, repeated(&b, "{\"a\":\"", LIMIT_LINE_LEN - 8, "a", "\"}"), &r));
    cr_expect_not(r.overflowed);
    cr_expect_eq(record_find(&r, SPAN_LITERAL("a")).len, LIMIT_LINE_LEN - 8);
    buffer_free(&b);
    record_free(&r);
    json_record_free(j);
    json_record_free(NULL);
}

/* Every prefix of a record is refused, and none harms the reader. */
Test(json_record, truncated)
{
    static const struct span line = SPAN_INIT(
        "{\"type\":\"Delivery\",\"recipient\":[\"a@b\",\"c@d\"],\"response\":"
        "{\"code\":550,\"enhanced_code\":{\"class\":5,\"subject\":1},"
        "\"content\":\"\\u00e4\\\"x\"},\"t\":1.5e3,\"n\":null,\"b\":true}");
    struct json_record *j = json_record_create();
    struct record r;
    record_init(&r);
    for (size_t n = 0; n < line.len; n++) {
        cr_expect_not(json_record_read(j, span_first(line, n), &r), "%zu", n);
        cr_expect_eq(r.n_pairs, 0);
    }
    cr_expect(json_record_read(j, line, &r));
    cr_expect_eq(r.n_pairs, 9);
    record_free(&r);
    json_record_free(j);
}
