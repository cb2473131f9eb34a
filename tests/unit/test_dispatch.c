/* SPDX-License-Identifier: MIT */
/* parse/dispatch: which patterns to try, by what a text begins with. */
#include "parse/dispatch.h"
#include "parse/formats.h"

#include <criterion/criterion.h>

static const char pack[] =
    "name: x\n"
    "title: X\n"
    "shape: syslog\n"
    "lines:\n"
    "  - {id: short, starts: [to], set: {kind: release},"
    " samples: [{line: 'to'}]}\n"
    "  - {id: long, starts: ['to=<somebody', 'too long'],"
    " set: {kind: release}, samples: [{line: 'too long'}]}\n"
    "  - {id: any, match: '.*x', set: {kind: release},"
    " samples: [{line: 'x'}]}\n"
    "  - {id: eight, starts: ['eight by', 'to='], set: {kind: release},"
    " samples: [{line: 'eight by'}]}\n"
    "  - {id: empty, starts: ['q', ''], set: {kind: release},"
    " samples: [{line: 'q'}]}\n";

static struct formats *formats;
static struct dispatch dispatch;
static const struct pattern *patterns[16];
static size_t n_patterns;

static void set_up(void)
{
    formats = formats_load_text("x.yaml", pack);
    cr_assert_not_null(formats);
    n_patterns = formats->formats[0].n_patterns;
    for (size_t i = 0; i < n_patterns; i++) {
        patterns[i] = &formats->formats[0].patterns[i];
    }
    dispatch_init(&dispatch, patterns, n_patterns);
}

static void tear_down(void)
{
    dispatch_reset(&dispatch);
    formats_free(formats);
}

TestSuite(dispatch, .init = set_up, .fini = tear_down);

/* The search must find what asking each pattern by itself does. */
Test(dispatch, finds_each_once_in_order)
{
    static const struct span texts[] = {SPAN_INIT(""), SPAN_INIT("t"),
        SPAN_INIT("to"), SPAN_INIT("to="), SPAN_INIT("to=<some"),
        SPAN_INIT("to=<somebody"), SPAN_INIT("to=<somebodx"),
        SPAN_INIT("to=<somebody@x>"), SPAN_INIT("too long"),
        SPAN_INIT("too lon"), SPAN_INIT("eight b"), SPAN_INIT("eight by"),
        SPAN_INIT("eight by eight"), SPAN_INIT("q"), SPAN_INIT("Q"),
        SPAN_INIT("\0"), SPAN_INIT("to\0\0\0\0\0\0"), {NULL, 0}};
    for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
        struct dispatch_search search = dispatch_begin(&dispatch, texts[k]);
        for (size_t i = 0; i < n_patterns; i++) {
            if (dispatch_begins(patterns[i], texts[k])) {
                cr_expect_eq(dispatch_next(&search), patterns[i], "%zu: %s", k,
                    patterns[i]->def->id);
            }
        }
        cr_expect_null(dispatch_next(&search), "%zu", k);
    }
}

Test(dispatch, identity_tells_patterns_apart)
{
    struct dispatch same;
    struct dispatch fewer;
    dispatch_init(&same, patterns, n_patterns);
    dispatch_init(&fewer, patterns + 1, n_patterns - 1);
    cr_expect_eq(same.identity, dispatch.identity);
    cr_expect_neq(fewer.identity, dispatch.identity);
    dispatch_reset(&same);
    dispatch_reset(&fewer);
}
