/* SPDX-License-Identifier: MIT */
#include "parse/compose.h"

#include <criterion/criterion.h>

static const struct {
    const char *template;
    const char *want; /* NULL: unknown */
} rows[] = {
    {"{code}", "550"},
    {"{none}", NULL},
    {"{empty}", ""},
    {"{code} {text}", "550 no such user"},
    {"{code}[ {class}.{detail}] {text}", "550 5.1 no such user"},
    {"{code}[ {none}.{detail}] {text}", "550 no such user"},
    {"{code}[ {empty}]!", "550!"},
    {"[{none}][{code}]", "550"},
    {"plain", "plain"},
    {"{code", "{code"},
    {"[{code}", "[550"},
};

Test(compose, text)
{
    struct record r;
    char out[64];
    record_init(&r);
    record_add(&r, SPAN_LITERAL("code"), SPAN_LITERAL("550"));
    record_add(&r, SPAN_LITERAL("class"), SPAN_LITERAL("5"));
    record_add(&r, SPAN_LITERAL("detail"), SPAN_LITERAL("1"));
    record_add(&r, SPAN_LITERAL("empty"), SPAN_LITERAL(""));
    record_add(&r, SPAN_LITERAL("text"), SPAN_LITERAL("no such user"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span got =
            compose_text(span_of(rows[i].template), &r, out, sizeof(out));
        struct span want = span_of(rows[i].want);
        cr_expect(
            span_is_known(got) == span_is_known(want) && span_equal(got, want),
            "%s: %.*s", rows[i].template, (int)got.len,
            got.ptr != NULL ? got.ptr : "");
    }
    struct span cut = compose_text(SPAN_LITERAL("{text}!"), &r, out, 5);
    cr_expect(span_equal(cut, SPAN_LITERAL("no su")));
    record_free(&r);
}

Test(compose, list)
{
    struct record r;
    char out[8];
    record_init(&r);
    record_add(&r, SPAN_LITERAL("to"), SPAN_LITERAL("a"));
    record_add(&r, SPAN_LITERAL("one"), SPAN_LITERAL("x"));
    record_add(&r, SPAN_LITERAL("to"), SPAN_LITERAL("b"));
    record_add(&r, SPAN_LITERAL("to"), SPAN_LITERAL("c"));
    static const struct {
        const char *template;
        const char *want; /* NULL: unknown */
    } lists[] = {{"{to}", "a; b; c"}, {"{one}", "x"}, {"{none}", NULL},
        {"<{to}>", "<a>"}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct span got = compose_list(span_of(lists[i].template), &r,
            SPAN_LITERAL("; "), out, sizeof(out));
        cr_expect(span_equal(got, span_of(lists[i].want)), "%s: %.*s",
            lists[i].template, (int)got.len, got.ptr != NULL ? got.ptr : "");
    }
    record_free(&r);
}
