/* SPDX-License-Identifier: MIT */
/* parse/roster: the recipients of a message whose fate is still open. */
#include "parse/roster.h"

#include "parse/extractor.h"
#include "parse/programs.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct span bar = SPAN_INIT("|");

/* Do "+a@x" (enlist) and "-a@x" (strike), one after the other. */
static void follow(struct roster *r, const char *steps)
{
    struct span rest = span_of(steps);
    roster_load(r, SPAN_NONE);
    while (rest.len > 0) {
        size_t end = span_find(rest, SPAN_LITERAL(" "));
        struct span address = span_skip(span_first(rest, end), 1);
        (rest.ptr[0] == '+' ? roster_enlist : roster_strike)(r, address);
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
}

Test(roster, list)
{
    static const struct {
        const char *name;
        const char *steps;
        int64_t copy;
        const char *want; /* NULL: none */
    } rows[] = {
        {"empty", "", 0, NULL},
        {"all", "+a@x +b@y +c@x", 0, "a@x|b@y|c@x"},
        {"first domain", "+a@x +b@y +c@X", 1, "a@x|c@X"},
        {"second domain", "+a@x +b@y +c@x", 2, "b@y"},
        {"no such copy", "+a@x +b@y +c@x", 3, NULL},
        {"struck", "+a@x +b@x -a@x", 1, "b@x"},
        {"struck keeps its place", "+a@x +b@y -a@x", 2, "b@y"},
        {"all of a copy struck", "+a@x +b@y -a@x", 1, NULL},
        {"struck by other case", "+a@x -A@x", 0, NULL},
        {"struck, and back", "+a@x +b@x -a@x +a@x", 1, "a@x|b@x"},
        {"twice", "+a@x +a@x", 0, "a@x"},
        {"strike a stranger", "+a@x -b@x", 0, "a@x"},
        {"a copy for each recipient", "+a@x +b@x", 2, "b@x"},
        {"a copy too many", "+a@x +b@x", 3, NULL},
        {"no domain", "+a +b@x", 1, "a"},
        {"nothing", "+ +a@x", 0, "a@x"},
    };
    static struct roster r;
    static char out[LIMIT_ROSTER_LEN];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        follow(&r, rows[i].steps);
        struct span got = roster_list(&r, rows[i].copy, bar, out);
        struct span want = span_of(rows[i].want);
        cr_expect(
            span_is_known(got) == span_is_known(want) && span_equal(got, want),
            "%s: got \"%.*s\"", rows[i].name, (int)got.len,
            got.ptr != NULL ? got.ptr : "");
    }
}

Test(roster, kept_between_lines)
{
    static struct roster a;
    static struct roster b;
    static char out[LIMIT_ROSTER_LEN];
    follow(&a, "+a@x +b@y -a@x");
    roster_load(&b, roster_text(&a));
    cr_expect(span_equal(roster_list(&b, 0, bar, out), span_of("b@y")));
    roster_load(&b, span_first(roster_text(&a), roster_text(&a).len - 1));
    cr_expect(!span_is_known(roster_list(&b, 0, bar, out)),
        "an entry that was cut is dropped");
}

Test(roster, full)
{
    static struct roster r;
    static char out[LIMIT_ROSTER_LEN];
    static char address[1000];
    memset(address, 'a', sizeof(address));
    roster_load(&r, SPAN_NONE);
    for (int i = 0; i < 20; i++) {
        address[0] = (char)('a' + i);
        roster_enlist(&r, (struct span){address, sizeof(address)});
    }
    cr_expect_eq(roster_text(&r).len, 8 * (sizeof(address) + 2));
    roster_enlist(&r, SPAN_LITERAL("a\nb@x"));
    cr_expect_eq(roster_text(&r).len, 8 * (sizeof(address) + 2));
    cr_expect_eq(
        roster_list(&r, 0, bar, out).len, 8 * (sizeof(address) + 1) - 1);
}

static const char pack[] =
    "name: x\n"
    "title: X\n"
    "shape: syslog\n"
    "lines:\n"
    "  - id: named\n"
    "    match: '(?<key>\\d+): to (?<recipient>.*)$'\n"
    "    each: recipient\n"
    "    remember: set\n"
    "    samples: [{line: '1: to a'}]\n"
    "  - id: one\n"
    "    match: '(?<key>\\d+): no (?<recipient>.*)$'\n"
    "    each: recipient\n"
    "    remember: take\n"
    "    set: {kind: outcome, disposition: rejected, reply_code: NO}\n"
    "    samples: [{line: '1: no a'}]\n"
    "  - id: later\n"
    "    match: '(?<key>\\d+)\\.(?<copy>\\d+): later$'\n"
    "    each: recipient\n"
    "    remember: get\n"
    "    set: {kind: outcome, disposition: deferred}\n"
    "    samples: [{line: '1.1: later'}]\n"
    "  - id: sent\n"
    "    match: '(?<key>\\d+)\\.(?<copy>\\d+): sent$'\n"
    "    each: recipient\n"
    "    remember: take\n"
    "    set: {kind: outcome, disposition: delivered}\n"
    "    samples: [{line: '1.1: sent'}]\n"
    "values:\n"
    "  - {field: reply_code, from: 'NO', to: '450'}\n";

/* What the lines of one message give: "disposition code recipient" of each
 * event, in order. */
Test(roster, of_a_message)
{
    static const struct {
        const char *line;
        const char *want;
    } rows[] = {
        {"1: to a@x,b@y", ""},
        {"1: to c@x,d@x", ""},
        {"1: no c@x", "deferred 450 c@x;"},
        {"1.1: later", "deferred 0 a@x;deferred 0 d@x;"},
        {"1.2: sent", "delivered 0 b@y;"},
        {"2.1: sent", "delivered 0 ;"},
        {"1.1: sent", "delivered 0 a@x;delivered 0 d@x;"},
        {"1.1: sent", "delivered 0 ;"},
        {"1: to c@x", ""},
        {"1.1: sent", "delivered 0 c@x;"},
    };
    struct formats *formats = formats_load_text("x.yaml", pack);
    cr_assert_not_null(formats);
    struct extractor *x = extractor_create();
    struct program program;
    programs_init(&program, &formats->formats[0], span_of(""));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e = {.delay = -1};
        char got[256] = "";
        size_t n = 0;
        bool more = extractor_run(x, &program, span_of(rows[i].line), &e) ==
                    EXTRACT_EVENT;
        for (; more; more = extractor_more(x, &e)) {
            n += (size_t)snprintf(got + n, sizeof(got) - n, "%s %d %.*s;",
                disposition_name(e.disposition), e.reply.code,
                (int)e.recipient.len,
                e.recipient.ptr != NULL ? e.recipient.ptr : "");
        }
        cr_expect_str_eq(got, rows[i].want, "%s: got %s", rows[i].line, got);
    }
    programs_reset(&program);
    extractor_free(x);
    formats_free(formats);
}
