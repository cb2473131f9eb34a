/* SPDX-License-Identifier: MIT */
/* mail/token: what stands for a local part in lines that are held. */
#include "mail/token.h"

#include <criterion/criterion.h>

/* "u" and what `printf joe | xxhsum -H3` prints */
#define JOE "u45926168cefb65d5"

static struct span made(const char *local, char *out)
{
    return token_make(span_of(local), out);
}

Test(token, is_a_digest_whatever_the_case)
{
    static const char *const same[] = {"joe", "Joe", "JOE", JOE};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        char out[TOKEN_LEN];
        struct span token = made(same[i], out);
        cr_expect(span_equal(token, SPAN_LITERAL(JOE)), "%s gave %.*s", same[i],
            (int)token.len, token.ptr);
    }
    char one[TOKEN_LEN];
    char other[TOKEN_LEN];
    cr_expect_not(span_equal(made("joe", one), made("joe.", other)));
    cr_expect(token_is(made("", one)), "of nothing, too");
}

/* What lies behind the longest local part of any use does not count, nor is it
 * written over anything. */
Test(token, long_names)
{
    static char name[5000];
    char one[TOKEN_LEN];
    char other[TOKEN_LEN];
    memset(name, 'a', sizeof(name));
    struct span all = {name, sizeof(name)};
    struct span most = {name, 320};
    struct span few = {name, 319};
    cr_expect(span_equal(token_make(all, one), token_make(most, other)));
    cr_expect_not(span_equal(token_make(most, one), token_make(few, other)));
}

Test(token, what_looks_like_one)
{
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {JOE, true},
        {"u0000000000000000", true},
        {"u000000000000000", false},
        {"u00000000000000000", false},
        {"U0000000000000000", false},
        {"u000000000000000A", false},
        {"u000000000000000g", false},
        {"v0000000000000000", false},
        {"00000000000000000", false},
        {"joe", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(
            token_is(span_of(rows[i].text)), rows[i].want, "%s", rows[i].text);
    }
}

Test(token, stands_for)
{
    static const struct {
        const char *token;
        const char *word;
        bool want;
    } rows[] = {
        {JOE, "joe", true},
        {JOE, "JOE", true},
        {JOE, JOE, true},
        {JOE, "joes", false},
        {JOE, "", false},
        {"joe", "joe", false}, /* it is none */
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(
            token_stands_for(span_of(rows[i].token), span_of(rows[i].word)),
            rows[i].want, "%s, %s", rows[i].token, rows[i].word);
    }
}

Test(token, begins_behind_an_apostrophe)
{
    static const struct {
        const char *local;
        size_t want;
    } rows[] = {
        {"joe", 0},
        {"o'brien", 2},
        {"d'o'brien", 4},
        {"'joe", 1},
        {"joe'", 4},
        {"\"o'brien\"", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(token_begins(span_of(rows[i].local)), rows[i].want, "%s",
            rows[i].local);
    }
}
