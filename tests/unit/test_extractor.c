/* SPDX-License-Identifier: MIT */
/* parse/extractor: a message and its patterns to an event. */
#include "parse/extractor.h"

#include "base/limits.h"
#include "parse/programs.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const char pack[] =
    "name: x\n"
    "title: X\n"
    "shape: syslog\n"
    "queue_id: '[0-9A-F]{4,}(?=:)|NOQUEUE|[0-9]{3}-[0-9]{2} '\n"
    "lines:\n"
    "  - id: delivery\n"
    "    queue_id: required\n"
    "    starts: ['to=', 'for=']\n"
    "    has: [', status=']\n"
    "    match: '(?<pairs>.*), status=(?<disposition>\\w+)"
    "(?: \\((?<text>.*)\\))?$'\n"
    "    keys: [to=recipient, for=recipient, relay=relay, delay=delay,"
    " dsn=logged_status]\n"
    "    set: {kind: outcome, direction: outbound, sender: ''}\n"
    "    samples: [{line: '12AB: to=<a>, status=sent'}]\n"
    "  - id: refused\n"
    "    queue_id: none\n"
    "    match: 'refused (?<stage>\\w+): (?<reply>.*)'\n"
    "    set: {kind: outcome, direction: inbound, disposition: rejected}\n"
    "    samples: [{line: 'refused RCPT: 550 x'}]\n"
    "  - id: either\n"
    "    starts: ['either ']\n"
    "    match: 'either (?<disposition>\\w+)'\n"
    "    set: {kind: outcome}\n"
    "    samples: [{line: 'either held'}]\n"
    "  - id: kindless\n"
    "    starts: ['kindless']\n"
    "    set: {disposition: held}\n"
    "    samples: [{line: 'kindless'}]\n"
    "  - id: arrival\n"
    "    starts: ['arrival']\n"
    "    set: {kind: arrival}\n"
    "    samples: [{line: 'arrival'}]\n"
    "ignore:\n"
    "  - id: noise\n"
    "    has: [noise]\n"
    "    samples: [{line: 'noise'}]\n"
    "parts:\n"
    "  - id: host\n"
    "    of: relay\n"
    "    match: '(?<peer>[^\\[]+)\\[(?<peer_ip>[^\\]]+)\\]$'\n"
    "    samples: [{line: 'a[b]'}]\n"
    "  - id: again\n"
    "    of: text\n"
    "    starts: ['again: ']\n"
    "    match: 'again: (?<text>.*)$'\n"
    "    set: {kind: suspended}\n"
    "    samples: [{line: 'again: x'}]\n"
    "  - id: said\n"
    "    of: text\n"
    "    match: 'said: (?<reply>.*)$'\n"
    "    set: {stage: RCPT}\n"
    "    samples: [{line: 'said: x'}]\n"
    "values:\n"
    "  - {field: queue_id, from: NOQUEUE, to: ''}\n"
    "  - {field: disposition, from: sent, to: delivered}\n"
    "  - {field: stage, from: RCPT, to: rcpt}\n";

static struct formats *formats;
static struct extractor *extractor;
static struct program program;

static void set_up(void)
{
    formats = formats_load_text("x.yaml", pack);
    cr_assert_not_null(formats);
    extractor = extractor_create();
    programs_init(&program, &formats->formats[0], span_of(""));
}

static void tear_down(void)
{
    extractor_free(extractor);
    extractor_free(NULL);
    programs_reset(&program);
    formats_free(formats);
}

TestSuite(extractor, .init = set_up, .fini = tear_down);

static const char *show_span(struct span s)
{
    static char texts[8][64];
    static int next;
    char *text = texts[next++ % 8];
    snprintf(text, sizeof(texts[0]), "%s%.*s%s", span_is_known(s) ? "'" : "",
        (int)s.len, s.ptr != NULL ? s.ptr : "-", span_is_known(s) ? "'" : "-");
    return text;
}

/* The event in words: kind disposition stage queue_id sender recipient peer
 * peer_ip code/status/logged delay reply; "-" is unknown. */
static const char *show(const struct event *e)
{
    static char text[1024];
    char status[STATUS_TEXT_LEN];
    char logged[STATUS_TEXT_LEN];
    status_format(e->reply.status, status);
    status_format(e->logged_status, logged);
    snprintf(text, sizeof(text), "%s %s %s %s %s %s %s %s %d/%s/%s %lld %s",
        event_kind_name(e->kind), disposition_name(e->disposition),
        stage_name(e->stage), show_span(e->queue_id), show_span(e->sender),
        show_span(e->recipient), show_span(e->peer), show_span(e->peer_ip),
        e->reply.code, status, logged, (long long)e->delay,
        show_span(e->reply.text));
    return text;
}

Test(extractor, run)
{
    static const struct {
        const char *name;
        struct span message;
        enum extract_result result;
        const char *want;
    } rows[] = {
        {"all keys",
            SPAN_INIT("12AB: to=<a@b>, relay=h[::1], delay=1.5, dsn=5.1.1, "
                      "status=bounced (said: 550 5.7.1 no)"),
            EXTRACT_EVENT,
            "outcome bounced rcpt '12AB' '' 'a@b' 'h' '::1' 550/5.7.1/5.1.1 "
            "1500 'no'"},
        {"translated", SPAN_INIT("12AB: to=<a>, status=sent (250 ok)"),
            EXTRACT_EVENT,
            "outcome delivered  '12AB' '' 'a' - - 250// -1 'ok'"},
        {"the other beginning", SPAN_INIT("12AB: for=<a>, status=sent"),
            EXTRACT_EVENT, "outcome delivered  '12AB' '' 'a' - - 0// -1 -"},
        {"no brackets", SPAN_INIT("12AB: to=a b, status=sent"), EXTRACT_EVENT,
            "outcome delivered  '12AB' '' 'a b' - - 0// -1 -"},
        {"empty address", SPAN_INIT("12AB: to=<>, status=sent"), EXTRACT_EVENT,
            "outcome delivered  '12AB' '' '' - - 0// -1 -"},
        {"a comma within brackets",
            SPAN_INIT("12AB: to=<\"a, relay=x[y]\"@b>, relay=h[1], "
                      "status=sent"),
            EXTRACT_EVENT,
            "outcome delivered  '12AB' '' '\"a, relay=x[y]\"@b' 'h' '1' 0// "
            "-1 -"},
        {"bracket that does not end",
            SPAN_INIT("12AB: to=<a, relay=h[1], status=sent"), EXTRACT_EVENT,
            "outcome delivered  '12AB' '' '<a' 'h' '1' 0// -1 -"},
        {"unknown keys",
            SPAN_INIT("12AB: to=<a>, x=, y=z=w, relay=h[1], "
                      "status=sent"),
            EXTRACT_EVENT, "outcome delivered  '12AB' '' 'a' 'h' '1' 0// -1 -"},
        {"relay that no part knows",
            SPAN_INIT("12AB: to=<a>, relay=none, status=held"), EXTRACT_EVENT,
            "outcome held  '12AB' '' 'a' - - 0// -1 -"},
        {"delay that is none", SPAN_INIT("12AB: to=<a>, delay=x, status=sent"),
            EXTRACT_EVENT, "outcome delivered  '12AB' '' 'a' - - 0// -1 -"},
        {"status that is none", SPAN_INIT("12AB: to=<a>, dsn=x, status=sent"),
            EXTRACT_EVENT, "outcome delivered  '12AB' '' 'a' - - 0// -1 -"},
        {"parts of parts",
            SPAN_INIT("12AB: to=<a>, status=deferred (again: said: 421 x)"),
            EXTRACT_EVENT,
            "suspended deferred rcpt '12AB' '' 'a' - - 421// -1 'x'"},
        {"parts without end",
            SPAN_INIT("12AB: to=<a>, status=deferred (again: again: again: "
                      "again: again: again: again: x)"),
            EXTRACT_EVENT,
            "suspended deferred  '12AB' '' 'a' - - 0// -1 'again: again: x'"},
        {"text that no part knows",
            SPAN_INIT("12AB: to=<a>, status=deferred (4.7.1 later)"),
            EXTRACT_EVENT,
            "outcome deferred  '12AB' '' 'a' - - 0/4.7.1/ -1 'later'"},
        {"unknown disposition", SPAN_INIT("12AB: to=<a>, status=eaten"),
            EXTRACT_UNKNOWN, NULL},
        {"no disposition", SPAN_INIT("12AB: to=<a>, status="), EXTRACT_UNKNOWN,
            NULL},
        {"queue ID is missing", SPAN_INIT("to=<a>, status=sent"),
            EXTRACT_UNKNOWN, NULL},
        {"a blank behind the queue ID", SPAN_INIT("123-45 to=<a>, status=sent"),
            EXTRACT_EVENT, "outcome delivered  '123-45' '' 'a' - - 0// -1 -"},
        {"a blank that the queue ID does not allow",
            SPAN_INIT("NOQUEUE to=<a>, status=sent"), EXTRACT_UNKNOWN, NULL},
        {"queue ID is too short", SPAN_INIT("12A: to=<a>, status=sent"),
            EXTRACT_UNKNOWN, NULL},
        {"queue ID without colon", SPAN_INIT("NOQUEUE to=<a>, status=sent"),
            EXTRACT_UNKNOWN, NULL},
        {"queue ID that stands for none",
            SPAN_INIT("NOQUEUE: to=<a>, status=sent"), EXTRACT_EVENT,
            "outcome delivered  - '' 'a' - - 0// -1 -"},
        {"refused for good", SPAN_INIT("refused RCPT: 550 5.1.1 x"),
            EXTRACT_EVENT, "outcome rejected rcpt - - - - - 550/5.1.1/ -1 'x'"},
        {"refused for now", SPAN_INIT("refused RCPT: 450 x"), EXTRACT_EVENT,
            "outcome deferred rcpt - - - - - 450// -1 'x'"},
        {"refused without code", SPAN_INIT("refused RCPT: x"), EXTRACT_EVENT,
            "outcome rejected rcpt - - - - - 0// -1 'x'"},
        {"value that is not translated", SPAN_INIT("refused rcpt: x"),
            EXTRACT_EVENT, "outcome rejected rcpt - - - - - 0// -1 'x'"},
        {"stage that is none", SPAN_INIT("refused XYZ: x"), EXTRACT_EVENT,
            "outcome rejected  - - - - - 0// -1 'x'"},
        {"queue ID where there is none", SPAN_INIT("12AB: refused RCPT: x"),
            EXTRACT_UNKNOWN, NULL},
        {"either, with", SPAN_INIT("12AB: either held"), EXTRACT_EVENT,
            "outcome held  '12AB' - - - - 0// -1 -"},
        {"either, without", SPAN_INIT("either held"), EXTRACT_EVENT,
            "outcome held  - - - - - 0// -1 -"},
        {"no kind", SPAN_INIT("kindless"), EXTRACT_UNKNOWN, NULL},
        {"no disposition is needed", SPAN_INIT("12AB: arrival"), EXTRACT_EVENT,
            "arrival   '12AB' - - - - 0// -1 -"},
        {"ignored", SPAN_INIT("much noise"), EXTRACT_IGNORED, NULL},
        {"claimed by a line before", SPAN_INIT("either held noise"),
            EXTRACT_EVENT, "outcome held  - - - - - 0// -1 -"},
        {"nothing", SPAN_INIT(""), EXTRACT_UNKNOWN, NULL},
        {"unknown", {NULL, 0}, EXTRACT_UNKNOWN, NULL},
        {"NUL and invalid UTF-8",
            SPAN_INIT("12AB: to=<a\0\xff>, status=sent (\xc3)"), EXTRACT_EVENT,
            NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e = {.repeat = 1};
        enum extract_result r =
            extractor_run(extractor, &program, rows[i].message, &e);
        cr_expect_eq(r, rows[i].result, "%s: %d", rows[i].name, r);
        if (rows[i].want != NULL) {
            cr_expect_str_eq(show(&e), rows[i].want, "%s", rows[i].name);
            cr_expect(span_equal(e.line, rows[i].message), "%s", rows[i].name);
        }
    }
}

Test(extractor, bytes_survive)
{
    struct event e = {.repeat = 1};
    cr_assert_eq(
        extractor_run(extractor, &program,
            SPAN_LITERAL("12AB: to=<a\0\xff>, status=sent (\xc3)"), &e),
        EXTRACT_EVENT);
    cr_expect(span_equal(e.recipient, SPAN_LITERAL("a\0\xff")));
    cr_expect(span_equal(e.reply.text, SPAN_LITERAL("\xc3")));
}

/* Nothing of a line is left when the next one is read. */
Test(extractor, starts_afresh)
{
    struct event first = {.repeat = 1};
    struct event second = {.repeat = 1};
    extractor_run(extractor, &program,
        SPAN_LITERAL("12AB: to=<a>, relay=h[1], delay=1, dsn=5.0.0, "
                     "status=bounced (said: 550 5.1.1 x)"),
        &first);
    extractor_run(extractor, &program,
        SPAN_LITERAL("12AB: to=<b>, status=sent"), &second);
    cr_expect_str_eq(
        show(&second), "outcome delivered  '12AB' '' 'b' - - 0// -1 -");
}

Test(extractor, claims)
{
    static const struct {
        size_t pattern;
        const char *message;
        bool want;
    } rows[] = {
        {0, "12AB: to=<a>, status=sent", true},
        {0, "to=<a>, status=sent", false},
        {0, "12AB: x=<a>, status=sent", false},
        {0, "12AB: to=<a>", false},
        {1, "refused RCPT: x", true},
        {1, "12AB: refused RCPT: x", false},
        {1, "he refused RCPT: x", false},
        {2, "12AB: either x", true},
        {2, "either x", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool got = extractor_claims(extractor, &program,
            &formats->formats[0].patterns[rows[i].pattern],
            span_of(rows[i].message));
        cr_expect_eq(got, rows[i].want, "%s", rows[i].message);
    }
}

Test(extractor, run_part)
{
    struct event e = {.delay = -1};
    cr_expect(extractor_run_part(extractor, &program,
        program.relays.patterns[0], SPAN_LITERAL("h[192.0.2.1]"), &e));
    cr_expect_str_eq(show(&e), "   - - - 'h' '192.0.2.1' 0// -1 -");
    cr_expect_not(extractor_run_part(extractor, &program,
        program.relays.patterns[0], SPAN_LITERAL("h"), &e));
    struct event again = {.delay = -1};
    cr_expect(extractor_run_part(extractor, &program,
        program.texts.patterns[program.texts.first[1]],
        SPAN_LITERAL("again: said: 550 x"), &again));
    cr_expect_str_eq(show(&again), "suspended  rcpt - - - - - 550// -1 'x'");
}

/* What a relay was taken apart to is kept, and must not show. */
Test(extractor, relays_that_come_again)
{
    static const struct {
        const char *relay;
        const char *want;
    } rows[] = {
        {"h[::1]", "'h' '::1'"},
        {"h[::2]", "'h' '::2'"},
        {"none", "- -"},
        {"", "- -"},
        {"a.name.that.is.longer.than.most.example"
         "[2001:db8:1111:2222:3333:4444:5555:6666]",
            "'a.name.that.is.longer.than.most.example' "
            "'2001:db8:1111:2222:3333:4444:5555:6666'"},
    };
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            char line[256];
            char want[256];
            struct event e = {.delay = -1};
            snprintf(line, sizeof(line), "12AB: to=<a>, relay=%s, status=sent",
                rows[i].relay);
            snprintf(want, sizeof(want),
                "outcome delivered  '12AB' '' 'a' %s 0// -1 -", rows[i].want);
            cr_expect_eq(extractor_run(extractor, &program, span_of(line), &e),
                EXTRACT_EVENT);
            cr_expect_str_eq(show(&e), want, "round %d: %s", round, line);
        }
    }
}

/* A reply that is logged a line at a time (Courier), and its outcome after it;
 * what is taken stays valid although it is forgotten. */
Test(extractor, text_of_several_lines)
{
    static const char lined[] =
        "name: x\n"
        "title: X\n"
        "shape: syslog\n"
        "lines:\n"
        "  - id: line\n"
        "    match: '(?<key>\\w+) said (?<text>.*)'\n"
        "    remember: add\n"
        "    samples: [{line: 'a said x'}]\n"
        "  - id: last\n"
        "    match: '(?<key>\\w+) ends(?: (?<text>.*))?$'\n"
        "    remember: take\n"
        "    set: {kind: outcome, disposition: deferred}\n"
        "    samples: [{line: 'a ends'}]\n";
    static const struct {
        const char *message;
        const char *want; /* NULL: no event */
    } rows[] = {
        {"a said 451-4.7.1 one", NULL},
        {"b said other", NULL},
        {"a said 451 4.7.1 two", NULL},
        {"a ends", "one two"},
        {"a ends", ""}, /* nothing is left */
        {"b ends here", "other here"},
        {"b ends here", "here"},
    };
    struct formats *all = formats_load_text("x.yaml", lined);
    cr_assert_not_null(all);
    struct program one;
    programs_init(&one, &all->formats[0], SPAN_LITERAL(""));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e = {.delay = -1};
        enum extract_result r =
            extractor_run(extractor, &one, span_of(rows[i].message), &e);
        cr_expect_eq(r, rows[i].want != NULL ? EXTRACT_EVENT : EXTRACT_IGNORED,
            "row %zu", i);
        cr_expect(rows[i].want == NULL ||
                      span_equal(e.reply.text, span_of(rows[i].want)),
            "row %zu: %.*s", i, (int)e.reply.text.len, e.reply.text.ptr);
    }
    char line[3000];
    struct event e = {.delay = -1};
    memset(line, 'x', sizeof(line));
    memcpy(line, "a said ", 7);
    for (int i = 0; i < 3; i++) { /* what does not fit is cut */
        extractor_run(extractor, &one, (struct span){line, sizeof(line)}, &e);
    }
    extractor_run(extractor, &one, SPAN_LITERAL("a ends"), &e);
    cr_expect_eq(e.reply.raw.len, LIMIT_REPLY_LEN);
    programs_reset(&one);
    formats_free(all);
}

/* A failure is told once, and later only that it still holds: for the domain
 * of a recipient, for any a host is in, or for one message. */
Test(extractor, texts_that_repeat)
{
    static const char noted[] =
        "name: x\n"
        "title: X\n"
        "shape: syslog\n"
        "lines:\n"
        "  - id: to\n"
        "    match: 'to (?<recipient>\\S+) (?<text>.*)'\n"
        "    set: {kind: outcome, disposition: deferred}\n"
        "    samples: [{line: 'to a@b x'}]\n"
        "  - id: host\n"
        "    match: 'host (?<peer>\\S+) (?<text>.*)'\n"
        "    set: {kind: attempt, disposition: deferred}\n"
        "    samples: [{line: 'host b x'}]\n"
        "  - id: message\n"
        "    match: '(?<queue_id>\\d+)\\.(?<copy>\\d) (?<text>.*)'\n"
        "    set: {kind: outcome, disposition: deferred}\n"
        "    samples: [{line: '1.1 x'}]\n"
        "parts:\n"
        "  - {id: down, of: text, match: 'down (?<reply>.*)',\n"
        "     note: recipient, set: {stage: connect},\n"
        "     samples: [{line: 'down 421 x'}]}\n"
        "  - {id: off, of: text, match: 'off (?<reply>.*)', note: peer,\n"
        "     samples: [{line: 'off 421 x'}]}\n"
        "  - {id: no, of: text, match: 'no (?<reply>.*)', note: queue_id,\n"
        "     samples: [{line: 'no x'}]}\n"
        "  - {id: wait, of: text, match: '(?<reply>wait)',\n"
        "     repeats: recipient, samples: [{line: 'wait'}]}\n"
        "  - {id: none, of: text, match: '(?<reply>none)',\n"
        "     repeats: queue_id, samples: [{line: 'none'}]}\n";
    static const char *const rows[][2] = {
        {"to a@b.c wait", "outcome deferred  - - 'a@b.c' - - 0// -1 'wait'"},
        {"to \"a@x\"@b.c down 421 busy",
            "outcome deferred connect - - '\"a@x\"@b.c' - - 421// -1 'busy'"},
        {"to d@b.c wait",
            "outcome deferred connect - - 'd@b.c' - - 421// -1 'busy'"},
        {"to d@b.c wait",
            "outcome deferred connect - - 'd@b.c' - - 421// -1 'busy'"},
        {"to d@b wait", "outcome deferred  - - 'd@b' - - 0// -1 'wait'"},
        {"to d wait", "outcome deferred  - - 'd' - - 0// -1 'wait'"},
        {"host m1.in.d.e off 554 listed",
            "attempt deferred  - - - 'm1.in.d.e' - 554// -1 'listed'"},
        {"to a@in.d.e wait",
            "outcome deferred  - - 'a@in.d.e' - - 554// -1 'listed'"},
        {"to a@d.e wait",
            "outcome deferred  - - 'a@d.e' - - 554// -1 'listed'"},
        {"to a@m1.in.d.e wait",
            "outcome deferred  - - 'a@m1.in.d.e' - - 0// -1 'wait'"},
        {"host h off 554 x", "attempt deferred  - - - 'h' - 554// -1 'x'"},
        {"7.1 none", "outcome deferred  '7' - - - - 0// -1 'none'"},
        {"7.1 no reply", "outcome deferred  '7' - - - - 0// -1 'reply'"},
        {"7.1 none", "outcome deferred  '7' - - - - 0// -1 'reply'"},
        {"7.2 none", "outcome deferred  '7' - - - - 0// -1 'none'"},
    };
    struct formats *all = formats_load_text("x.yaml", noted);
    cr_assert_not_null(all);
    struct program one;
    programs_init(&one, &all->formats[0], SPAN_LITERAL(""));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e = {.delay = -1};
        cr_expect_eq(extractor_run(extractor, &one, span_of(rows[i][0]), &e),
            EXTRACT_EVENT);
        cr_expect_str_eq(show(&e), rows[i][1], "row %zu: %s", i, show(&e));
    }
    extractor_reset(extractor);
    struct event e = {.delay = -1};
    extractor_run(extractor, &one, SPAN_LITERAL("to d@b.c wait"), &e);
    cr_expect_eq(e.reply.code, 0, "a reset forgets");
    programs_reset(&one);
    formats_free(all);
}

/* Commands are pushed, answers shift them; an answer that decides nothing
 * makes what it confirmed part of the session. */
Test(extractor, answers_in_order)
{
    static const char talk[] =
        "name: x\n"
        "title: X\n"
        "shape: syslog\n"
        "lines:\n"
        "  - id: rcpt\n"
        "    match: '(?<key>\\w+) > RCPT (?<recipient>\\S+)'\n"
        "    remember: push\n"
        "    set: {kind: outcome, stage: rcpt}\n"
        "    samples: [{line: 'a > RCPT x'}]\n"
        "  - id: data\n"
        "    match: '(?<key>\\w+) > DATA'\n"
        "    remember: push\n"
        "    set: {stage: data}\n"
        "    samples: [{line: 'a > DATA'}]\n"
        "  - id: go\n"
        "    match: '(?<key>\\w+) < 354'\n"
        "    remember: next\n"
        "    set: {kind: outcome, stage: eom, disposition: delivered}\n"
        "    samples: [{line: 'a < 354'}]\n"
        "  - id: yes\n"
        "    match: '(?<key>\\w+) < (?<text>2.*)'\n"
        "    remember: shift\n"
        "    samples: [{line: 'a < 250'}]\n"
        "  - id: no\n"
        "    match: '(?<key>\\w+) < (?<text>5.*)'\n"
        "    remember: shift\n"
        "    set: {kind: attempt, disposition: bounced}\n"
        "    samples: [{line: 'a < 550'}]\n"
        "  - id: end\n"
        "    match: '(?<key>\\w+) end'\n"
        "    remember: take\n"
        "    samples: [{line: 'a end'}]\n";
    static const struct {
        const char *message;
        const char *want; /* NULL: no event */
    } rows[] = {
        {"a > RCPT x", NULL},
        {"a > RCPT y", NULL},
        {"b > DATA", NULL},
        {"a < 550 no", "outcome bounced rcpt - - 'x' - - 550// -1 'no'"},
        {"a < 250 ok", NULL},
        {"b < 554 no", "attempt bounced data - - - - - 554// -1 'no'"},
        {"a > DATA", NULL},
        {"a < 354 go", NULL},
        {"a < 250 in", "outcome delivered eom - - 'y' - - 250// -1 'in'"},
        {"a < 250 what", NULL},
        {"a > RCPT z", NULL},
        {"a end", NULL},
        {"a < 550 no", "attempt bounced  - - - - - 550// -1 'no'"},
    };
    struct formats *all = formats_load_text("x.yaml", talk);
    cr_assert_not_null(all);
    struct program one;
    programs_init(&one, &all->formats[0], SPAN_LITERAL(""));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e = {.delay = -1};
        enum extract_result r =
            extractor_run(extractor, &one, span_of(rows[i].message), &e);
        cr_expect_eq(r, rows[i].want != NULL ? EXTRACT_EVENT : EXTRACT_IGNORED,
            "row %zu", i);
        if (rows[i].want != NULL) {
            cr_expect_str_eq(show(&e), rows[i].want, "row %zu", i);
        }
    }
    programs_reset(&one);
    formats_free(all);
}

/* A list of recipients beside one of replies, which may hold the separator. */
Test(extractor, statuses_beside)
{
    static const char lists[] =
        "name: x\n"
        "title: X\n"
        "shape: json\n"
        "recognise: [to]\n"
        "lines:\n"
        "  - id: failed\n"
        "    where: [type!=log|hook]\n"
        "    columns: ['recipient={to}', 'text={status}']\n"
        "    each: recipient\n"
        "    separator: ';'\n"
        "    set: {kind: outcome, disposition: bounced}\n"
        "    samples: [{line: '{\"to\":\"a\"}'}]\n";
    static const struct {
        const char *to[2]; /* values of one name */
        const char *status;
        const char *want[2]; /* texts of the replies */
    } rows[] = {
        {{"a;b", NULL}, "550 x; y;551 z", {"x; y", "z"}},
        {{"a", "b"}, "550 x;551 z", {"x", "z"}},
        {{"a;b", NULL}, "550 x; y", {"x; y", "x; y"}},
        {{"a;b", NULL}, "[{L=550 x};{M=}];[{L=1}]",
            {"[{L=550 x};{M=}]", "[{L=1}]"}},
        {{"a;b", NULL}, "x;y", {"x", "y"}},
    };
    struct formats *all = formats_load_text("x.yaml", lists);
    cr_assert_not_null(all);
    struct program one;
    programs_init(&one, &all->formats[0], SPAN_LITERAL(""));
    struct record r;
    record_init(&r);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e = {.delay = -1};
        record_reset(&r);
        record_add(&r, SPAN_LITERAL("status"), span_of(rows[i].status));
        for (size_t k = 0; k < 2 && rows[i].to[k] != NULL; k++) {
            record_add(&r, SPAN_LITERAL("to"), span_of(rows[i].to[k]));
        }
        cr_assert_eq(
            extractor_run_record(extractor, &one, &r, &e), EXTRACT_EVENT);
        cr_expect(span_equal(e.recipient, SPAN_LITERAL("a")), "row %zu", i);
        cr_expect(span_equal(e.reply.text, span_of(rows[i].want[0])),
            "row %zu: %.*s", i, (int)e.reply.text.len, e.reply.text.ptr);
        cr_assert(extractor_more(extractor, &e), "row %zu", i);
        cr_expect(span_equal(e.recipient, SPAN_LITERAL("b")), "row %zu", i);
        cr_expect(span_equal(e.reply.text, span_of(rows[i].want[1])),
            "row %zu: %.*s", i, (int)e.reply.text.len, e.reply.text.ptr);
        cr_expect_not(extractor_more(extractor, &e), "row %zu", i);
    }
    struct event e = {.delay = -1};
    record_add(&r, SPAN_LITERAL("type"), SPAN_LITERAL("hook"));
    cr_expect_eq(
        extractor_run_record(extractor, &one, &r, &e), EXTRACT_UNKNOWN);
    record_free(&r);
    programs_reset(&one);
    formats_free(all);
}

/* What is known of a relay met before says nothing of the next record. */
Test(extractor, relays_of_other_records)
{
    static const char relays[] =
        "name: x\n"
        "title: X\n"
        "shape: json\n"
        "recognise: [to]\n"
        "lines:\n"
        "  - id: with\n"
        "    where: [type=with]\n"
        "    columns: ['recipient={to}', 'relay={relay}']\n"
        "    set: {kind: outcome, disposition: bounced}\n"
        "    samples: [{line: '{\"to\":\"a\"}'}]\n"
        "  - id: without\n"
        "    where: [type=without]\n"
        "    columns: ['recipient={to}']\n"
        "    set: {kind: outcome, disposition: bounced}\n"
        "    samples: [{line: '{\"to\":\"a\"}'}]\n"
        "parts:\n"
        "  - id: peer\n"
        "    of: relay\n"
        "    match: '^(?<peer>.+)$'\n"
        "    samples: [{line: 'mx.example'}]\n";
    static const char *const types[] = {"with", "with", "without"};
    struct formats *all = formats_load_text("x.yaml", relays);
    cr_assert_not_null(all);
    struct program one;
    programs_init(&one, &all->formats[0], SPAN_LITERAL(""));
    struct record r;
    record_init(&r);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct event e = {.delay = -1};
        record_reset(&r);
        record_add(&r, SPAN_LITERAL("type"), span_of(types[i]));
        record_add(&r, SPAN_LITERAL("to"), SPAN_LITERAL("a@there.example"));
        record_add(&r, SPAN_LITERAL("relay"), SPAN_LITERAL("mx.example"));
        cr_assert_eq(
            extractor_run_record(extractor, &one, &r, &e), EXTRACT_EVENT);
        cr_expect_eq(e.peer.len > 0,
            span_equal(span_of(types[i]), SPAN_LITERAL("with")),
            "record %zu: %.*s", i, (int)e.peer.len, e.peer.ptr);
    }
    record_free(&r);
    programs_reset(&one);
    formats_free(all);
}
