/* SPDX-License-Identifier: MIT */
#include "report/json_out.h"

#include "report/escape.h"
#include "report_store.h"

#include <criterion/criterion.h>
#include <json.h>

Test(json_out, escapes_strings)
{
    static const struct {
        struct span in;
        const char *out;
    } rows[] = {
        {SPAN_INIT("plain"), "\"plain\""},
        {SPAN_INIT("a\"b\\c"), "\"a\\\"b\\\\c\""},
        {SPAN_INIT("a\nb\tc"), "\"a\\u000ab\\u0009c\""},
        {SPAN_INIT("a\0b"), "\"a\\u0000b\""},
        {SPAN_INIT("</script>&"), "\"\\u003c/script\\u003e\\u0026\""},
        {SPAN_INIT("\xe2\x80\xa8\xe2\x80\xa9"), "\"\\u2028\\u2029\""},
        {SPAN_INIT("\xff\xfe"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {SPAN_INIT("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {SPAN_INIT("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {SPAN_INIT("\xf0\x9f\x93\xac"), "\"\xf0\x9f\x93\xac\""},
    };
    struct buffer out;
    buffer_init(&out, 256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_reset(&out);
        escape_json(&out, rows[i].in);
        cr_expect_str_eq(buffer_string(&out), rows[i].out, "row %zu", i);
    }
    buffer_free(&out);
}

/* The member ${key} of ${object}; the test fails if there is none. */
static json_object *member(json_object *object, const char *key)
{
    json_object *value = NULL;
    cr_assert(json_object_object_get_ex(object, key, &value), "no %s", key);
    return value;
}

Test(json_out, writes_a_table)
{
    struct table *t = report_store_table();
    struct buffer out;
    struct cell *row = report_store_row(t, SPAN_LITERAL("a\"\xff\033"), 3);
    row[2] = (struct cell){.type = CELL_REAL, .real = 0.25};
    row[3] = (struct cell){.type = CELL_INTEGER, .integer = 1761998400};
    report_store_row(t, SPAN_LITERAL("b"), 1);
    buffer_init(&out, 1 << 16);
    json_out.begin(&out, 1);
    json_out.table(&out, t, 80);
    json_out.end(&out, 1);

    json_object *root = json_tokener_parse(buffer_string(&out));
    cr_assert_not_null(root, "not JSON: %s", buffer_string(&out));
    json_object *rows = member(root, "rows");
    json_object *first = json_object_array_get_idx(rows, 0);
    cr_expect_str_eq(json_object_get_string(member(root, "report")), "test");
    cr_expect_eq(json_object_array_length(member(root, "columns")), 5);
    cr_expect_eq(json_object_array_length(rows), 2);
    cr_expect_str_eq(
        json_object_get_string(member(first, "name")), "a\"\xef\xbf\xbd\033");
    cr_expect_eq(json_object_get_int(member(first, "attempts")), 3);
    cr_expect_eq(json_object_get_double(member(first, "share")), 0.25);
    cr_expect_str_eq(json_object_get_string(member(first, "first_seen")),
        "2025-11-01T12:00:00Z");
    cr_expect_null(member(first, "url"));
    json_object_put(root);
    buffer_free(&out);
    table_free(t);
}

Test(json_out, wraps_several_reports)
{
    struct table *t = report_store_table();
    struct buffer out;
    buffer_init(&out, 1 << 16);
    json_out.begin(&out, 2);
    json_out.table(&out, t, 80);
    buffer_add_string(&out, json_out.between);
    json_out.table(&out, t, 80);
    json_out.end(&out, 2);
    json_object *root = json_tokener_parse(buffer_string(&out));
    cr_assert_not_null(root);
    cr_expect_eq(json_object_array_length(member(root, "reports")), 2);
    json_object_put(root);
    buffer_free(&out);
    table_free(t);
}
