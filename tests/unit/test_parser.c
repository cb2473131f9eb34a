/* SPDX-License-Identifier: MIT */
/* parse/parser: the lines of a source to events, with the built-in packs. */
#include "parse/parser.h"

#include "base/buffer.h"
#include "base/limits.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct formats *formats;
static struct zone *zone;
static struct parser *parser;

static struct parser_options options_of(int64_t anchor)
{
    return (struct parser_options){
        .formats = formats, .zone = zone, .anchor = anchor};
}

static void set_up(void)
{
    formats = formats_load(NULL);
    zone = zone_open("UTC");
    struct parser_options options = options_of(1798761600); /* end of 2026 */
    parser = parser_create(&options);
}

static void tear_down(void)
{
    parser_free(parser);
    parser_free(NULL);
    zone_free(zone);
    formats_free(formats);
}

TestSuite(parser, .init = set_up, .fini = tear_down);

#define AT "Nov 23 12:16:49 mx "
#define SENT                                                                   \
    "464CCAF0789: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, "        \
    "delay=1.5, delays=0/0/1/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok)"

Test(parser, classes)
{
    static const struct {
        const char *name;
        struct span line;
        enum line_class class;
        const char *program;
    } rows[] = {
        {"event", SPAN_INIT(AT "postfix/smtp[1]: " SENT), LINE_EVENT, "smtp"},
        {"instance", SPAN_INIT(AT "postfix-out/smtp[1]: " SENT), LINE_EVENT,
            "smtp"},
        {"service",
            SPAN_INIT(AT "postfix/submission/smtpd[1]: NOQUEUE: "
                         "reject: RCPT from unknown[192.0.2.1]: 554 "
                         "5.7.1 x; from=<> to=<a@b>"),
            LINE_EVENT, "smtpd"},
        {"other syslog_name", SPAN_INIT(AT "mta.out/smtp[1]: " SENT),
            LINE_EVENT, "smtp"},
        {"tag cut at the slash", SPAN_INIT(AT "postfix[1]: " SENT), LINE_EVENT,
            ""},
        {"no pid", SPAN_INIT(AT "postfix/smtp: " SENT), LINE_EVENT, "smtp"},
        {"RFC 5424",
            SPAN_INIT("<22>1 2026-11-23T12:16:49Z mx postfix/smtp 1 - - " SENT),
            LINE_EVENT, "smtp"},
        {"ignored", SPAN_INIT(AT "postfix/smtpd[1]: connect from x[192.0.2.1]"),
            LINE_IGNORED, "smtpd"},
        {"unknown", SPAN_INIT(AT "postfix/smtp[1]: quite new text"),
            LINE_UNKNOWN, "smtp"},
        {"unknown program of Postfix",
            SPAN_INIT(AT "postfix/brandnew[1]: quite new text"), LINE_UNKNOWN,
            "brandnew"},
        {"unknown, empty", SPAN_INIT(AT "postfix/smtp[1]:"), LINE_UNKNOWN,
            "smtp"},
        {"another program's line", SPAN_INIT(AT "postfix/qmgr[1]: " SENT),
            LINE_UNKNOWN, "qmgr"},
        {"foreign", SPAN_INIT(AT "sshd[1]: Accepted password"), LINE_FOREIGN,
            "sshd"},
        {"foreign, though it reads like ours", SPAN_INIT(AT "sshd[1]: " SENT),
            LINE_FOREIGN, "sshd"},
        {"foreign, without tag", SPAN_INIT(AT "-- MARK --"), LINE_FOREIGN, ""},
        {"malformed", SPAN_INIT("postfix/smtp[1]: " SENT), LINE_MALFORMED, ""},
        {"malformed, empty", SPAN_INIT(""), LINE_MALFORMED, ""},
        {"malformed, NUL", SPAN_INIT("\0\0\0"), LINE_MALFORMED, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct parsed_line got;
        parser_line(parser, rows[i].line, &got);
        cr_expect_eq(got.class, rows[i].class, "%s: %s", rows[i].name,
            line_class_name(got.class));
        cr_expect(span_equal(got.program, span_of(rows[i].program)), "%s: %.*s",
            rows[i].name, (int)got.program.len, got.program.ptr);
        bool ours = got.class == LINE_EVENT || got.class == LINE_IGNORED ||
                    got.class == LINE_UNKNOWN;
        cr_expect(span_equal(got.mta, span_of(ours ? "postfix" : "")), "%s",
            rows[i].name);
        if (got.class == LINE_MALFORMED) {
            cr_expect(span_equal(got.message, rows[i].line));
        }
    }
}

Test(parser, event)
{
    struct parsed_line got;
    parser_line(parser, SPAN_LITERAL(AT "postfix/smtp[1]: " SENT), &got);
    const struct event *e = &got.event;
    cr_expect_eq(e->time, INT64_C(1795436209000000));
    cr_expect(span_equal(e->host, SPAN_LITERAL("mx")));
    cr_expect(span_equal(e->mta, SPAN_LITERAL("postfix")));
    cr_expect(span_equal(e->program, SPAN_LITERAL("smtp")));
    cr_expect(span_equal(e->line, SPAN_LITERAL(SENT)));
    cr_expect_eq(e->repeat, 1);
    cr_expect_eq(e->delay, 1500);
    cr_expect_eq(parser_last_stamp(parser), e->time);
    cr_expect_eq(parser_years_over(parser), 0);
}

/* rsyslog's and syslogd's ways to write a message. */
Test(parser, repeated_and_escaped)
{
    static const struct {
        const char *line;
        int64_t repeat;
        const char *reply;
    } rows[] = {
        {AT "postfix/smtp[1]: message repeated 7 times: [ " SENT "]", 7, "Ok"},
        {AT "postfix/smtp[1]: message repeated 2 times: [ " SENT, 2, "Ok"},
        {AT "postfix/smtp[1]: 464CCAF0789: to=<a@b>, relay=none, delay=1, "
            "dsn=5.1.1, status=bounced (host h[192.0.2.1] said: "
            "550-5.1.1 a#012550 5.1.1 b#011c (in reply to RCPT TO command))",
            1, "a b\tc"},
        {AT "postfix/smtp[1]: message repeated 3 times: [ 464CCAF0789: "
            "to=<a@b>, relay=none, delay=1, dsn=5.1.1, status=bounced "
            "(host h[192.0.2.1] said: 550 5.1.1 a#011b)]",
            3, "a\tb"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct parsed_line got;
        parser_line(parser, span_of(rows[i].line), &got);
        cr_expect_eq(got.class, LINE_EVENT, "row %zu", i);
        cr_expect_eq(got.event.repeat, rows[i].repeat, "row %zu", i);
        struct span text = got.event.reply.text;
        cr_expect(span_equal(text, span_of(rows[i].reply)), "row %zu: %.*s", i,
            (int)text.len, text.ptr);
    }
}

/* --- the keys of a delivery line, in every order -------------------------- */

static const char *const keys[] = {"relay=mx.b.example[192.0.2.1]:25",
    "delay=1.5", "dsn=5.7.1", "delays=0/0/1/0.5", "orig_to=<o@c.example>",
    "tls=dane:encrypt"};
enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };

static const char after[] =
    "status=bounced (host mx.b.example[192.0.2.1] said: 550 5.1.1 no, "
    "dsn=9.9.9, relay=x, status=sent (250 ok) (in reply to RCPT TO command))";

static void check_delivery(struct span line)
{
    struct parsed_line got;
    char status[STATUS_TEXT_LEN];
    parser_line(parser, line, &got);
    const struct event *e = &got.event;
    status_format(e->logged_status, status);
    cr_assert_eq(got.class, LINE_EVENT, "%s", line.ptr);
    cr_expect(span_equal(e->recipient, SPAN_LITERAL("a@b.example")) &&
                  span_equal(e->peer, SPAN_LITERAL("mx.b.example")) &&
                  span_equal(e->peer_ip, SPAN_LITERAL("192.0.2.1")) &&
                  e->delay == 1500 && strcmp(status, "5.7.1") == 0 &&
                  e->disposition == DISPOSITION_BOUNCED &&
                  e->stage == STAGE_RCPT && e->reply.code == 550 &&
                  e->reply.status.subject == 1,
        "%s", line.ptr);
}

/* Every permutation of ${order}[${n}..] (by exchanging). */
static void permute(size_t *order, size_t n, size_t *count)
{
    if (n == N_KEYS) {
        struct buffer b;
        buffer_init(&b, 4096);
        buffer_add_string(
            &b, AT "postfix/smtp[1]: 464CCAF0789: to=<a@b.example>, ");
        for (size_t i = 0; i < N_KEYS; i++) {
            buffer_addf(&b, "%s, ", keys[order[i]]);
        }
        buffer_add_string(&b, after);
        check_delivery(span_of(buffer_string(&b)));
        buffer_free(&b);
        (*count)++;
        return;
    }
    for (size_t i = n; i < N_KEYS; i++) {
        size_t kept = order[n];
        order[n] = order[i];
        order[i] = kept;
        permute(order, n + 1, count);
        order[i] = order[n];
        order[n] = kept;
    }
}

Test(parser, keys_in_any_order)
{
    size_t order[N_KEYS];
    size_t count = 0;
    for (size_t i = 0; i < N_KEYS; i++) {
        order[i] = i;
    }
    permute(order, 0, &count);
    cr_expect_eq(count, 720);
}

Test(parser, unknown_keys_at_every_place)
{
    static const char *const unknown[] = {"tls=none", "tls=dane:encrypt",
        "new_key=", "x=a=b", "size=<1>", "note=<a, b>", "conn_use=2",
        "to_be=not=<to=be>"};
    for (size_t u = 0; u < sizeof(unknown) / sizeof(unknown[0]); u++) {
        for (size_t place = 0; place <= N_KEYS; place++) {
            struct buffer b;
            buffer_init(&b, 4096);
            buffer_add_string(
                &b, AT "postfix/smtp[1]: 464CCAF0789: to=<a@b.example>, ");
            for (size_t i = 0; i <= N_KEYS; i++) {
                if (i == place) {
                    buffer_addf(&b, "%s, ", unknown[u]);
                }
                if (i < N_KEYS) {
                    buffer_addf(&b, "%s, ", keys[i]);
                }
            }
            buffer_add_string(&b, after);
            check_delivery(span_of(buffer_string(&b)));
            buffer_free(&b);
        }
    }
}

/* --- sources ---------------------------------------------------------------*/

Test(parser, restart)
{
    static const struct {
        int64_t anchor;
        int64_t last;
        int years_back;
        int64_t want; /* seconds */
    } rows[] = {
        {1798761600, 0, 0, 1795436209},
        {1767225600, 0, 0, 1763900209}, /* a year before */
        {1798761600, 0, 1, 1763900209},
        {1798761600, INT64_C(1763900200000000), 0, 1763900209},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct parser_options options = options_of(rows[i].anchor);
        options.last_stamp = rows[i].last;
        options.years_back = rows[i].years_back;
        parser_restart(parser, &options);
        cr_expect_eq(parser_last_stamp(parser), rows[i].last, "row %zu", i);
        struct parsed_line got;
        parser_line(parser, SPAN_LITERAL(AT "postfix/smtp[1]: " SENT), &got);
        cr_expect_eq(got.event.time, rows[i].want * 1000000, "row %zu", i);
    }
}

/* More tags than are remembered, and tags without end, change nothing. */
Test(parser, tags)
{
    struct parsed_line got;
    char line[256];
    for (int i = 0; i < 5000; i++) {
        snprintf(line, sizeof(line), AT "postfix-%d/smtp[1]: %s", i, SENT);
        parser_line(parser, span_of(line), &got);
        cr_assert_eq(got.class, LINE_EVENT, "%s", line);
        cr_assert(span_equal(got.program, SPAN_LITERAL("smtp")), "%s", line);
        snprintf(line, sizeof(line), AT "tag%d: x", i);
        parser_line(parser, span_of(line), &got);
        cr_assert_eq(got.class, LINE_FOREIGN, "%s", line);
    }
    struct buffer b;
    buffer_init(&b, LIMIT_LINE_LEN);
    buffer_add_string(&b, AT);
    for (int i = 0; i < 200000; i++) {
        buffer_add_char(&b, 'x');
    }
    buffer_add_string(&b, ": text");
    parser_line(parser, buffer_span(&b), &got);
    cr_expect_eq(got.class, LINE_FOREIGN);
    cr_expect_eq(got.program.len, LIMIT_TAG_LEN);
    cr_expect(span_equal(got.message, SPAN_LITERAL("text")));
    buffer_free(&b);
}

/* Lines far longer than a daemon writes are understood; the longest there may
 * be are at least read in time. */
Test(parser, long_lines, .timeout = 60)
{
    static const size_t lengths[] = {2000, 8 * 1024, 64 * 1024, LIMIT_LINE_LEN};
    for (size_t i = 0; i < 4 * 52; i++) {
        size_t len = lengths[i % 4];
        int byte = (int)(i / 4) * 5;
        struct parsed_line got;
        struct buffer b;
        buffer_init(&b, LIMIT_LINE_LEN);
        buffer_add_string(&b,
            AT "postfix/smtp[1]: 464CCAF0789: to=<a@b>, relay=none, delay=1, "
               "dsn=5.0.0, status=bounced (host h[192.0.2.1] said: 550-");
        while (b.len < len) {
            buffer_add_char(&b, (char)byte);
        }
        parser_line(parser, buffer_span(&b), &got);
        cr_expect(got.class == LINE_EVENT || len == LIMIT_LINE_LEN,
            "%zu of byte %d: %s", len, byte, line_class_name(got.class));
        cr_expect(got.class != LINE_EVENT || got.event.reply.code == 550,
            "%zu of byte %d", len, byte);
        buffer_free(&b);
    }
}

static const struct format *find_format(struct span name)
{
    const struct format *f = formats->formats;
    while (!span_equal(f->name, name)) {
        f++;
    }
    return f;
}

Test(parser, sample)
{
    struct parsed_line got;
    const struct format *postfix = find_format(SPAN_LITERAL("postfix"));
    parser_sample(
        parser, postfix, SPAN_LITERAL("smtp"), SPAN_LITERAL(SENT), &got);
    cr_expect_eq(got.class, LINE_EVENT);
    cr_expect(span_equal(got.message, SPAN_LITERAL(SENT)));
    parser_sample(
        parser, postfix, SPAN_LITERAL("smtpd"), SPAN_LITERAL(SENT), &got);
    cr_expect_eq(got.class, LINE_UNKNOWN);
}
