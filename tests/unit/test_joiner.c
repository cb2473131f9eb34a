/* SPDX-License-Identifier: MIT */
/* parse/joiner: pieces of one message among those of others. */
#include "parse/joiner.h"

#include <criterion/criterion.h>

static const struct {
    const char *pid;
    const char *part;
    const char *parts;
    const char *text;
    enum joiner_result result;
    const char *whole;
    bool newline;
} rows[] = {
    {"1", "1", "2", "ab", JOINER_PIECE, NULL, false},
    {"2", "1", "3", "x", JOINER_PIECE, NULL, false},
    {"1", "2", "2", "cd", JOINER_JOINED, "abcd", false},
    {"2", "2", "3", "y", JOINER_PIECE, NULL, false},
    {"2", "3", "3", "z", JOINER_JOINED, "xyz", false},
    {"3", "2", "2", "alone", JOINER_JOINED, "alone", false},
    {"4", "1", "3", "p", JOINER_PIECE, NULL, false},
    {"4", "3", "3", "r", JOINER_JOINED, "r", false},
    {"5", "", "3", "s", JOINER_WHOLE, "s", false},
    {"6", "1", "1", "one", JOINER_JOINED, "one", false},
    {"7", "1", "3", "a", JOINER_PIECE, NULL, true},
    {"7", "2", "3", "b", JOINER_PIECE, NULL, false},
    {"7", "3", "3", "c", JOINER_JOINED, "a\nbc", true},
};

Test(joiner, add)
{
    struct joiner *j = joiner_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct syslog_line line = {.host = SPAN_LITERAL("mx"),
            .tag = SPAN_LITERAL("exim"),
            .pid = span_of(rows[i].pid)};
        struct joiner_part part = {
            span_of(rows[i].part), span_of(rows[i].parts), rows[i].newline};
        struct span whole;
        enum joiner_result r =
            joiner_add(j, &line, &part, span_of(rows[i].text), &whole);
        cr_expect_eq(r, rows[i].result, "row %zu", i);
        cr_expect(
            rows[i].whole == NULL || span_equal(whole, span_of(rows[i].whole)),
            "row %zu: %.*s", i, (int)whole.len, whole.ptr);
    }
    joiner_free(j);
}
