/* SPDX-License-Identifier: MIT */
/* aggregate/redact: no local part is left in a line. */
#include "aggregate/redact.h"

#include <criterion/criterion.h>

struct mask_row {
    const char *line;
    const char *want;
};

static const struct mask_row mask_rows[] = {
    {"", ""},
    {"no address", "no address"},
    {"to=<joe@example.org>, x", "to=<***@example.org>, x"},
    {"joe@example.org", "***@example.org"},
    {"<a@b.example> <c@d.example>", "<***@b.example> <***@d.example>"},
    {"from=joe.smith+tag@example.org rest", "from=***@example.org rest"},
    {"<\"joe smith\"@example.org>", "<***@example.org>"},
    {"a b@", "a b@"},
    {"at @ alone", "at @ alone"},
    {"<bounce-joe=example.com@list.example>", "<***@list.example>"},
    {"j\xc3\xb6rg@example.org", "***@example.org"},
    {"x@[192.0.2.1]", "***@[192.0.2.1]"},
    {"550 user joe unknown. Joe", "550 user *** unknown. ***"},
    {"joey joe-x xjoe joe.", "joey joe-x xjoe ***."},
    {"news of joe's", "news of ***'s"},
    /* qmail's blanks */
    {"no_such_user:_joe_here._joe._(#5.1.1)",
        "no_such_user:_***_here._***._(#5.1.1)"},
    {"joe_or_Joe_or_joey_or_xjoe", "***_or_***_or_joey_or_xjoe"},
    {"joe_x@example.org joe_x", "***@example.org ***_x"},
    {"orig_to=<ann>, user=bea, to=<>", "orig_to=<***>, user=***, to=<>"},
    {"user.joe joe+x x.joe@example.org -joe",
        "user.*** joe+x ***@example.org -joe"},
    {"stage=ann relay=<ann>", "stage=ann relay=<ann>"},
};

static struct span mask(
    const char *line, const struct privacy *privacy, char *out, size_t len)
{
    struct event e = {.sender = SPAN_LITERAL("news@lists.example"),
        .recipient = SPAN_LITERAL("joe@example.org")};
    struct own_words own = ownwords_of(&e);
    struct redaction hiding = {.privacy = privacy, .own = &own};
    return redact_line(span_of(line), &hiding, out, len);
}

Test(redact, local_parts_are_masked)
{
    struct privacy *keep = privacy_keep();
    for (size_t i = 0; i < sizeof(mask_rows) / sizeof(mask_rows[0]); i++) {
        char out[256];
        const char *line = mask_rows[i].line;
        struct span got = mask(line, NULL, out, sizeof(out));
        cr_assert(span_equal(got, span_of(mask_rows[i].want)), "%s gave %.*s",
            line, (int)got.len, got.ptr);
        got = mask(line, keep, out, sizeof(out));
        cr_assert(span_equal(got, span_of(line)), "%s kept gave %.*s", line,
            (int)got.len, got.ptr);
    }
    privacy_free(keep);
}

/* Wherever a line is cut, nothing of a local part is left. */
Test(redact, a_cut_line_shows_no_local_part)
{
    static const char line[] = "to=<secret@example.org>, <secret@x.y>";
    for (size_t len = 1; len < sizeof(line) - 1; len++) {
        char out[64];
        struct span got = mask(line, NULL, out, len);
        cr_assert(got.len <= len);
        cr_assert_eq(span_find(got, SPAN_LITERAL("se")), got.len,
            "cut at %zu: %.*s", len, (int)got.len, got.ptr);
    }
}

/* printf joe@example.org | openssl dgst -sha256 -hmac key */
Test(redact, pseudonyms_are_keyed_and_stable)
{
    struct privacy *p = privacy_pseudonymise(SPAN_LITERAL("key"), false);
    char out[256];
    struct span got =
        mask("<Joe@Example.org>, <joe@b.example> joe: no such user", p, out,
            sizeof(out));
    cr_assert(span_equal(got, SPAN_LITERAL("<u3daa586cc13e490f@Example.org>, "
                                           "<u77b0ee303aee1e0f@b.example> "
                                           "u3daa586cc13e490f: no such user")),
        "%.*s", (int)got.len, got.ptr);
    privacy_free(p);
}
