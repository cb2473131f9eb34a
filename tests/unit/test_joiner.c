/* SPDX-License-Identifier: MIT */
#include "parse/joiner.h"

#include <criterion/criterion.h>

static const struct {
    const char *pid;
    const char *part;
    const char *parts;
    const char *text;
    enum joiner_result result;
    const char *whole;
} rows[] = {
    {"1", "1", "2", "ab", JOINER_PIECE, NULL},
    {"2", "1", "3", "x", JOINER_PIECE, NULL},
    {"1", "2", "2", "cd", JOINER_JOINED, "abcd"},
    {"2", "2", "3", "y", JOINER_PIECE, NULL},
    {"2", "3", "3", "z", JOINER_JOINED, "xyz"},
    {"3", "2", "2", "alone", JOINER_JOINED, "alone"},
    {"4", "1", "3", "p", JOINER_PIECE, NULL},
    {"4", "3", "3", "r", JOINER_JOINED, "r"},
    {"5", "", "3", "s", JOINER_WHOLE, "s"},
    {"6", "1", "1", "one", JOINER_JOINED, "one"},
};

Test(joiner, add)
{
    struct joiner *j = joiner_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct syslog_line line = {.host = SPAN_LITERAL("mx"),
            .tag = SPAN_LITERAL("exim"),
            .pid = span_of(rows[i].pid)};
        struct span part[2] = {span_of(rows[i].part), span_of(rows[i].parts)};
        struct span whole;
        enum joiner_result r =
            joiner_add(j, &line, part, span_of(rows[i].text), &whole);
        cr_expect_eq(r, rows[i].result, "row %zu", i);
        cr_expect(
            rows[i].whole == NULL || span_equal(whole, span_of(rows[i].whole)),
            "row %zu: %.*s", i, (int)whole.len, whole.ptr);
    }
    joiner_free(j);
}
