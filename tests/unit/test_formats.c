/* SPDX-License-Identifier: MIT */
/* parse/formats: packs that are right, and each way to be wrong. */
#include "parse/formats.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <unistd.h>

/* What was said since the last call. */
static const char *said(void)
{
    static char text[8192];
    int fd = fileno(cr_get_redirected_stderr());
    fcntl(fd, F_SETFL, O_NONBLOCK);
    ssize_t n = read(fd, text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void set_up(void)
{
    cr_redirect_stderr();
}

TestSuite(formats, .init = set_up);

#define HEAD "name: x\ntitle: X\nshape: syslog\n"
#define LINES HEAD "lines:\n"
#define SAMPLES "    samples:\n      - line: 'to=<a>'\n"

/* Every fault is one line "p.yaml:LINE: WHAT". */
static const struct fault_row {
    const char *name;
    const char *yaml;
    int line;
    const char *what; /* occurs in the message */
} fault_rows[] = {
    {"empty", "", 1, "is empty"},
    {"comments only", "# nothing\n\n", 1, "is empty"},
    {"null", "---\n~\n", 1, ""},
    {"a text", "just text\n", 1, ""},
    {"a list", "- a\n- b\n", 1, ""},
    {"no YAML", "name: x\ntitle: [x\n", 2, ""},
    {"tab for a blank", "name: x\n\ttitle: X\n", 1, "tab"},
    {"NUL", "name: \"x\x01\"\n", 1, ""},
    {"invalid UTF-8", "name: \xff\xfe\n", 1, ""},
    {"no name", "title: X\nshape: syslog\n", 2, "name"},
    {"no title", "name: x\nshape: syslog\n", 2, "title"},
    {"no shape", "name: x\ntitle: X\n", 2, "shape"},
    {"empty name", "name: ''\ntitle: X\nshape: syslog\n", 1, ""},
    {"name twice", HEAD "name: y\n", 4, ""},
    {"unknown shape", "name: x\ntitle: X\nshape: xml\n", 3, "unknown shape"},
    {"unknown key", HEAD "colour: red\n", 4, "colour"},
    {"unknown key of a pattern",
        LINES "  - id: a\n    starts: ['to=']\n    colour: red\n" SAMPLES, 7,
        "colour"},
    {"unknown key of a sample",
        LINES "  - id: a\n    starts: ['to=']\n" SAMPLES
              "        colour: red\n",
        9, "colour"},
    {"unknown key of want",
        LINES "  - id: a\n    starts: ['to=']\n" SAMPLES
              "        want: {colour: red}\n",
        9, "colour"},
    {"alias", "name: &a x\ntitle: *a\nshape: syslog\n", 2, ""},
    {"list where a text belongs", "name: [x]\ntitle: X\nshape: syslog\n", 1,
        ""},
    {"text where a list belongs", HEAD "programs: '^x$'\n", 4, ""},
    {"text where patterns belong", HEAD "lines: none\n", 4, ""},
    {"pattern that is a text", LINES "  - a\n", 5, ""},
    {"no id", LINES "  - starts: ['to=']\n" SAMPLES, 7, "id"},
    {"bad regex",
        LINES "  - id: a\n    match: 'to=<(?<recipient>.*>'\n" SAMPLES, 5,
        "a: missing closing parenthesis at offset"},
    {"bad regex of the second pattern",
        LINES "  - id: a\n    match: 'a'\n" SAMPLES
              "  - id: b\n    match: '['\n" SAMPLES,
        9, "b: missing terminating ]"},
    {"bad program", HEAD "programs:\n  - '^x$'\n  - '^(y$'\n", 6,
        "missing closing parenthesis"},
    {"bad queue_id", HEAD "queue_id: '['\n", 4, "missing terminating ]"},
    {"too many groups",
        LINES "  - id: a\n    match: '()()()()()()()()()()()()()()()()"
              "()()()()()()()()()()()()()()()()'\n" SAMPLES,
        5, "a: more than 31 groups"},
    {"unknown field in a group",
        LINES "  - id: a\n    match: 'to=<(?<colour>.*)>'\n" SAMPLES, 5,
        "a: unknown field \"colour\""},
    {"unknown field in set",
        LINES
        "  - id: a\n    starts: ['to=']\n    set: {colour: red}\n" SAMPLES,
        7, "colour"},
    {"unknown field in keys",
        LINES
        "  - id: a\n    match: '(?<pairs>.*)'\n    keys: [to=colour]\n" SAMPLES,
        5, "a: \"to=colour\" is not key=field"},
    {"key without field",
        LINES "  - id: a\n    match: '(?<pairs>.*)'\n    keys: [to]\n" SAMPLES,
        5, "a: \"to\" is not key=field"},
    {"unknown field in values",
        HEAD "values:\n  - {field: stage, from: A, to: b}\n"
             "  - {field: colour, from: RED, to: red}\n",
        6, "RED: unknown field \"colour\""},
    {"value without its field", HEAD "values:\n  - {from: A, to: b}\n", 5,
        "field"},
    {"no sample", LINES "  - id: a\n    starts: ['to=']\n", 5,
        "a: has no sample"},
    {"empty list of samples",
        LINES "  - id: a\n    starts: ['to=']\n    samples: []\n", 5,
        "a: has no sample"},
    {"sample without a line",
        LINES "  - id: a\n    starts: ['to=']\n    samples:\n"
              "      - program: smtp\n",
        8, "line"},
    {"nothing to claim by", LINES "  - id: a\n" SAMPLES, 5,
        "a: needs starts, has, match or where"},
    {"queue_id that is no need",
        LINES "  - id: a\n    queue_id: maybe\n    match: 'a'\n" SAMPLES, 5,
        "a: queue_id: is \"required\" or \"none\""},
    {"of without a part",
        LINES "  - id: a\n    of: relay\n    match: 'a'\n" SAMPLES, 5,
        "a: of: goes with parts, and only there"},
    {"part without of", HEAD "parts:\n  - id: a\n    match: 'a'\n" SAMPLES, 5,
        "a: of: goes with parts, and only there"},
    {"part of nothing known",
        HEAD "parts:\n  - id: a\n    of: colour\n    match: 'a'\n" SAMPLES, 5,
        "a: of: names no field"},
};

Test(formats, faults)
{
    for (size_t i = 0; i < sizeof(fault_rows) / sizeof(fault_rows[0]); i++) {
        const struct fault_row *row = &fault_rows[i];
        struct formats *f = formats_load_text("p.yaml", row->yaml);
        const char *what = said();
        char begin[64];
        cr_expect_null(f, "%s", row->name);
        formats_free(f);
        snprintf(begin, sizeof(begin), "smtpscope: p.yaml:%d: ", row->line);
        cr_expect(span_starts(span_of(what), span_of(begin)), "%s: %s",
            row->name, what);
        cr_expect_not_null(strstr(what, row->what), "%s: %s", row->name, what);
        size_t len = strlen(what);
        cr_expect(len > strlen(begin) + 1 && what[len - 1] == '\n', "%s: %s",
            row->name, what);
    }
}

/* One run names the faults of all patterns. */
Test(formats, several_faults)
{
    cr_expect_null(formats_load_text("p.yaml", LINES
        "  - id: a\n    match: '('\n" SAMPLES "  - id: b\n    starts: [x]\n"
        "  - id: c\n    match: '(?<colour>a)'\n" SAMPLES));
    const char *what = said();
    cr_expect_not_null(strstr(what, "p.yaml:5: a: "), "%s", what);
    cr_expect_not_null(strstr(what, "p.yaml:9: b: "), "%s", what);
    cr_expect_not_null(strstr(what, "p.yaml:11: c: "), "%s", what);
}

Test(formats, right)
{
    static const char yaml[] =
        HEAD "programs: ['^x/(?<program>\\w+)$', '^x$']\n"
             "queue_id: '[0-9A-F]+(?=:)'\n"
             "lines:\n"
             "  - id: a\n"
             "    programs: [smtp]\n"
             "    queue_id: required\n"
             "    starts: ['to=', 'for=']\n"
             "    has: ['status=']\n"
             "    match: '(?<pairs>.*), status=(?<disposition>\\w+)(x)?$'\n"
             "    keys: [to=recipient, for=recipient]\n"
             "    set: {kind: outcome, sender: ''}\n" SAMPLES "ignore:\n"
             "  - id: i\n"
             "    queue_id: none\n"
             "    has: [noise]\n" SAMPLES "parts:\n"
             "  - id: p\n"
             "    of: relay\n"
             "    match: '(?<peer>.*)'\n" SAMPLES "values:\n"
             "  - {field: stage, from: A, to: ''}\n";
    struct formats *all = formats_load_text("p.yaml", yaml);
    cr_assert_not_null(all, "%s", said());
    cr_assert_eq(all->n_formats, 1);
    const struct format *f = &all->formats[0];
    cr_expect(span_equal(f->name, SPAN_LITERAL("x")));
    cr_assert_eq(f->n_patterns, 3);
    const struct pattern *p = &f->patterns[0];
    cr_expect_eq(p->role, ROLE_LINE);
    cr_expect_eq(p->queue_id, QUEUE_ID_REQUIRED);
    cr_expect_eq(p->group_field[1], FIELD_pairs);
    cr_expect_eq(p->group_field[2], FIELD_disposition);
    cr_expect_eq(p->group_field[3], NO_FIELD);
    cr_expect(span_equal(p->keys[1].key, SPAN_LITERAL("for")));
    cr_expect_eq(p->keys[1].field, FIELD_recipient);
    cr_expect(span_equal(p->set[FIELD_kind], SPAN_LITERAL("outcome")));
    cr_expect(span_is_known(p->set[FIELD_sender]), "set to the empty text");
    cr_expect_not(span_is_known(p->set[FIELD_stage]));
    cr_expect_eq(f->patterns[1].role, ROLE_IGNORE);
    cr_expect_eq(f->patterns[1].queue_id, QUEUE_ID_NONE);
    cr_expect_null(f->patterns[1].re);
    cr_expect_eq(f->patterns[2].role, ROLE_PART);
    cr_expect_eq(f->patterns[2].of, FIELD_relay);
    static const struct {
        const char *program;
        bool want;
    } rows[] = {{"smtp", true}, {"smtpd", false}, {"smt", false}, {"", true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(formats_pattern_applies(p, span_of(rows[i].program)),
            rows[i].want, "%s", rows[i].program);
        cr_expect(
            formats_pattern_applies(&f->patterns[1], span_of(rows[i].program)));
    }
    formats_free(all);
    formats_free(NULL);
    cr_expect_str_empty(said());
}

Test(formats, built_in)
{
    struct formats *all = formats_load(NULL);
    cr_assert_not_null(all, "%s", said());
    cr_expect_geq(all->n_formats, 1);
    formats_free(all);
}

Test(formats, fields_there_and_back)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum field f;
        const char *name = field_name((enum field)i);
        cr_expect(field_parse(span_of(name), &f) && (int)f == i, "%s", name);
    }
    enum field f;
    cr_expect_not(field_parse(SPAN_LITERAL(""), &f));
    cr_expect_not(field_parse(SPAN_LITERAL("Sender"), &f));
    cr_expect_not(field_parse(SPAN_LITERAL("sender\0"), &f));
}
