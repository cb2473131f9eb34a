/* SPDX-License-Identifier: MIT */
#include "cli/rows.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const char *const columns[] = {"first", "second"};

/* What one row of ${text} and ${number} gives; the caller frees it. */
static char *written(const char *format, struct span text, struct span number)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&bytes, &len);
    struct rows *r = rows_create(out, format, columns, 2);
    rows_put(r, text);
    rows_put_number(r, number);
    cr_assert(rows_end(r));
    rows_free(r);
    fclose(out);
    cr_assert_eq(strlen(bytes), len, "a NUL came through");
    return bytes;
}

Test(rows, escapes)
{
    static const struct {
        struct span text;
        const char *tsv;
        const char *json;
    } rows[] = {
        {SPAN_INIT("plain"), "plain", "\"plain\""},
        {{NULL, 0}, "", "null"},
        {SPAN_INIT(""), "", "\"\""},
        {SPAN_INIT("a\tb\nc\\d"), "a\\tb\\nc\\\\d", "\"a\\tb\\nc\\\\d\""},
        {SPAN_INIT("a\rb"), "a\\x0db", "\"a\\rb\""},
        {SPAN_INIT("a\0b"), "a\\x00b", "\"a\\u0000b\""},
        {SPAN_INIT("\033[31m"), "\\x1b[31m", "\"\\u001b[31m\""},
        {SPAN_INIT("\x7f"), "\\x7f", "\"\x7f\""},
        {SPAN_INIT("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f",
            "\"gr\xc3\xbc\xc3\x9f\""},
        {SPAN_INIT("\xff."), "\\xff.", "\"\xef\xbf\xbd.\""},
        {SPAN_INIT("\xc3"), "\\xc3", "\"\xef\xbf\xbd\""},
        {SPAN_INIT("\xc2\x9b"), "\\xc2\\x9b", "\"\xc2\x9b\""},
        {SPAN_INIT("\xe2\x80\xae"), "\\xe2\\x80\\xae", "\"\xe2\x80\xae\""},
        {SPAN_INIT("\xed\xa0\x80"), "\\xed\\xa0\\x80",
            "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {SPAN_INIT("</script>\""), "</script>\"", "\"</script>\\\"\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char want[256];
        char *got = written(NULL, rows[i].text, SPAN_LITERAL("7"));
        snprintf(want, sizeof(want), "first\tsecond\n%s\t7\n", rows[i].tsv);
        cr_expect_str_eq(got, want, "row %zu", i);
        free(got);
        got = written("jsonl", rows[i].text, SPAN_LITERAL("7"));
        snprintf(
            want, sizeof(want), "{\"first\":%s,\"second\":7}\n", rows[i].json);
        cr_expect_str_eq(got, want, "row %zu", i);
        free(got);
    }
}

Test(rows, unknown_number)
{
    char *got = written("jsonl", SPAN_LITERAL("a"), SPAN_NONE);
    cr_expect_str_eq(got, "{\"first\":\"a\",\"second\":null}\n");
    free(got);
}

Test(rows, failed_write)
{
    FILE *out = fopen("/dev/full", "w");
    cr_assert_not_null(out);
    setvbuf(out, NULL, _IONBF, 0);
    struct rows *r = rows_create(out, "tsv", columns, 2);
    rows_put(r, SPAN_LITERAL("a"));
    rows_put(r, SPAN_LITERAL("b"));
    cr_expect_not(rows_end(r));
    rows_free(r);
    fclose(out);
}
