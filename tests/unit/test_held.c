/* SPDX-License-Identifier: MIT */
/* aggregate/held: lines that wait for what an earlier source says. */
#include "aggregate/held.h"
#include "aggregate/redact.h"

#include "base/limits.h"
#include "mail/token.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(held, lines_are_copied_in_their_order)
{
    enum { N = 200 };
    static char text[32]; /* what is held is a copy */
    struct held *h = held_create();
    size_t empty = held_bytes(h);
    for (int64_t i = 0; i < N; i++) {
        snprintf(text, sizeof(text), "line %d", (int)i);
        struct event e = {.time = i,
            .repeat = i + 1,
            .host = SPAN_LITERAL("mx"),
            .mta = SPAN_LITERAL("qmail"),
            .program = SPAN_LITERAL("send"),
            .line = span_of(text),
            .line_hash = (uint64_t)i * 3};
        held_add(h, &e, (uint64_t)i + 7, 2 * i);
    }
    size_t n = 0;
    const struct held_line *lines = held_lines(h, &n);
    cr_assert_eq(n, N);
    for (size_t i = 0; i < N; i++) {
        char want[32];
        snprintf(want, sizeof(want), "line %zu", i);
        const struct held_line *l = &lines[i];
        cr_assert(span_equal(l->line, span_of(want)), "line %zu", i);
        cr_assert(l->seq == 2 * (int64_t)i && l->time == (int64_t)i &&
                  l->repeat == (int64_t)i + 1 && l->key == i + 7 &&
                  l->hash == 3 * i);
        cr_assert(span_equal(l->host, SPAN_LITERAL("mx")) &&
                  span_equal(l->mta, SPAN_LITERAL("qmail")) &&
                  span_equal(l->program, SPAN_LITERAL("send")));
    }
    cr_assert_gt(held_bytes(h), empty);
    held_reset(h);
    held_lines(h, &n);
    cr_assert_eq(n, 0);
    cr_assert_eq(held_bytes(h), empty);
    held_free(h);
    held_free(NULL);
}

/* "T(x)" in what is wanted is the token of x. */
static void expand(const char *want, char *out)
{
    size_t used = 0;
    while (*want != '\0') {
        const char *end = strchr(want, ')');
        if (strncmp(want, "T(", 2) == 0 && end != NULL) {
            struct span local = {want + 2, (size_t)(end - want) - 2};
            token_make(local, out + used);
            used += TOKEN_LEN;
            want = end + 1;
        } else {
            out[used++] = *want++;
        }
    }
    out[used] = '\0';
}

struct hide_row {
    const char *line;
    const char *want;
};

/* Of a mail from news@lists.example to joe@example.org. */
static const struct hide_row hide_rows[] = {
    {"", ""},
    {"no address", "no address"},
    {"to=<Ann@b.example>", "to=<T(ann)@b.example>"},
    {"F=ann@b.example x", "F=T(ann)@b.example x"},
    {"user joe unknown, Joe.", "user T(joe) unknown, T(joe)."},
    {"a joey, joe-x", "a joey, joe-x"},
    {"user=ann", "user=T(ann)"},
    /* an apostrophe parts words, so the token must not go over it */
    {"<o'brien@b.example>", "<o'T(brien)@b.example>"},
    /* and so do blanks between quotes; two letters say nothing */
    {"<\"ann b smith\"@b.example>", "<\"T(ann) b T(smith)\"@b.example>"},
    /* a word of replies stands for nobody */
    {"<\"user smith\"@b.example>", "<\"user T(smith)\"@b.example>"},
    /* what is no UTF-8, and what braces hold, is nobody's name */
    {"<\xff\xfe@b.example>", "<\xff\xfe@b.example>"},
    {"<\xef\xbf\xbd@b.example>", "<\xef\xbf\xbd@b.example>"},
    {"{x}@b.example", "{x}@b.example"},
    {"<j\xc3\xb6rg@b.example>", "<T(j\xc3\xb6rg)@b.example>"},
    /* qmail's blanks, and its sentence before an address */
    {"no_such_user:_joe._(#5.1.1)", "no_such_user:_T(joe)._(#5.1.1)"},
    {"Remote_host_said:_550_no_such_user_ann@b.example",
        "Remote_host_said:_550_no_such_user_T(ann)@b.example"},
    {"ann_smith@b.example", "T(ann_smith)@b.example"},
};

static struct span hide(
    const struct privacy *privacy, struct span line, char *out, size_t len)
{
    struct event e = {.sender = SPAN_LITERAL("news@lists.example"),
        .recipient = SPAN_LITERAL("joe@example.org")};
    return held_hide(privacy, &e, line, out, len);
}

Test(held, names_are_hidden)
{
    struct privacy *keep = privacy_keep();
    for (size_t i = 0; i < sizeof(hide_rows) / sizeof(hide_rows[0]); i++) {
        char want[256];
        char once[256];
        char twice[256];
        struct span line = span_of(hide_rows[i].line);
        expand(hide_rows[i].want, want);
        struct span got = hide(NULL, line, once, sizeof(once));
        cr_expect(span_equal(got, span_of(want)), "%s gave %.*s, not %s",
            hide_rows[i].line, (int)got.len, got.ptr, want);
        got = hide(NULL, got, twice, sizeof(twice));
        cr_expect(span_equal(got, span_of(want)), "%s, hidden twice: %.*s",
            hide_rows[i].line, (int)got.len, got.ptr);
        got = hide(keep, line, once, sizeof(once));
        cr_expect(span_equal(got, line), "%s, kept: %.*s", hide_rows[i].line,
            (int)got.len, got.ptr);
    }
    privacy_free(keep);
}

/* printf joe@example.org | openssl dgst -sha256 -hmac key */
Test(held, names_may_be_pseudonyms)
{
    struct privacy *p = privacy_pseudonymise(SPAN_LITERAL("key"), false);
    char out[256];
    struct span got =
        hide(p, SPAN_LITERAL("<joe@example.org>, joe"), out, sizeof(out));
    cr_expect(span_equal(got, SPAN_LITERAL("<u3daa586cc13e490f@example.org>, "
                                           "u3daa586cc13e490f")),
        "%.*s", (int)got.len, got.ptr);
    privacy_free(p);
}

/* The name in an address and the name in a line are compared. */
Test(held, equal_names_are_hidden_equally)
{
    static const char *const names[] = {
        "ann", "Ann", "o'brien", "\"ann smith\"", "j\xc3\xb6rg", "a+b"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char line[64];
        char local[REDACT_LOCAL_LEN];
        char out[256];
        snprintf(line, sizeof(line), "<%s@b.example>", names[i]);
        struct span name = redact_local(privacy_tokens(), span_of(names[i]),
            SPAN_LITERAL("b.example"), local);
        struct span shown = hide(NULL, span_of(line), out, sizeof(out));
        shown = span_first(span_skip(shown, 1), name.len);
        cr_expect(span_equal(shown, name), "%s: %.*s and %.*s", names[i],
            (int)shown.len, shown.ptr, (int)name.len, name.ptr);
    }
}

/* Half a token would be nobody's, so it must not look like a name either. */
Test(held, a_line_without_room_shows_no_name)
{
    static const char line[] = "to=<secret@b.example>, <secret@b.example>";
    for (size_t len = 1; len < sizeof(line) + 2 * TOKEN_LEN; len++) {
        char out[128];
        struct span got = hide(NULL, span_of(line), out, len);
        cr_expect_leq(got.len, len);
        cr_expect_eq(span_find(got, SPAN_LITERAL("se")), got.len, "%zu: %.*s",
            len, (int)got.len, got.ptr);
    }
}
