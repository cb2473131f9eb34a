/* SPDX-License-Identifier: MIT */
/* parse/syslog: the envelopes that syslog daemons put around a message. */
#include "parse/syslog.h"

#include <criterion/criterion.h>

#define SECOND INT64_C(1795436209) /* 2026-11-23T12:16:49Z */

struct syslog_row {
    const char *name;
    struct span line;
    const char *host; /* NULL: none of the shapes */
    const char *tag;
    struct span message;
};

static void check_rows(const struct syslog_row *rows, size_t n)
{
    struct zone *zone = zone_open("UTC");
    for (size_t i = 0; i < n; i++) {
        const struct syslog_row *row = &rows[i];
        struct stamp_reader stamps;
        struct syslog_line got = {.time = 0};
        stamp_init(&stamps, zone, SECOND, 0);
        bool fits = syslog_split(&stamps, row->line, &got);
        cr_expect_eq(fits, row->host != NULL, "%s", row->name);
        if (!fits || row->host == NULL) {
            continue;
        }
        cr_expect_eq(got.time / 1000000, SECOND, "%s: time", row->name);
        cr_expect(span_equal(got.host, span_of(row->host)), "%s: host %.*s",
            row->name, (int)got.host.len, got.host.ptr);
        cr_expect(span_equal(got.tag, span_of(row->tag)), "%s: tag %.*s",
            row->name, (int)got.tag.len, got.tag.ptr);
        cr_expect(span_equal(got.message, row->message), "%s: message %.*s",
            row->name, (int)got.message.len, got.message.ptr);
    }
    zone_free(zone);
}

#define OLD "Nov 23 12:16:49 "
#define NEW "2026-11-23T13:16:49.610367+01:00 "

Test(syslog, rfc3164)
{
    static const struct syslog_row rows[] = {
        {"plain", SPAN_INIT(OLD "mx postfix/smtp[12]: text: more"), "mx",
            "postfix/smtp", SPAN_INIT("text: more")},
        {"full stamp", SPAN_INIT(NEW "mx postfix/smtp[12]: text"), "mx",
            "postfix/smtp", SPAN_INIT("text")},
        {"blank in the stamp",
            SPAN_INIT("2026-11-23 12:16:49 mx postfix/smtp[12]: text"), "mx",
            "postfix/smtp", SPAN_INIT("text")},
        {"short day", SPAN_INIT("Nov 23 12:16:49 mx.example.org exim[1]: text"),
            "mx.example.org", "exim", SPAN_INIT("text")},
        {"priority", SPAN_INIT("<22>" OLD "mx a[1]: text"), "mx", "a",
            SPAN_INIT("text")},
        {"priority, full stamp", SPAN_INIT("<22>" NEW "mx a[1]: text"), "mx",
            "a", SPAN_INIT("text")},
        {"three digits of priority", SPAN_INIT("<191>" OLD "mx a: text"), "mx",
            "a", SPAN_INIT("text")},
        {"no pid", SPAN_INIT(OLD "mx postfix/smtp: text"), "mx", "postfix/smtp",
            SPAN_INIT("text")},
        {"pid that is no number", SPAN_INIT(OLD "mx a[x.y z]: text"), "mx", "a",
            SPAN_INIT("text")},
        {"address as host", SPAN_INIT(OLD "2001:db8::1 a[1]: text"),
            "2001:db8::1", "a", SPAN_INIT("text")},
        {"several blanks", SPAN_INIT(OLD "  mx   a[1]:   text "), "mx", "a",
            SPAN_INIT("text ")},
        {"tab behind the tag", SPAN_INIT(OLD "mx a[1]:\ttext"), "mx", "a",
            SPAN_INIT("text")},
        {"nothing behind the tag", SPAN_INIT(OLD "mx a[1]:"), "mx", "a",
            SPAN_INIT("")},
        {"no blank behind the tag", SPAN_INIT(OLD "mx a:text"), "mx", "a",
            SPAN_INIT("text")},
        {"empty tag", SPAN_INIT(OLD "mx : text"), "mx", "", SPAN_INIT("text")},
        {"no tag", SPAN_INIT(OLD "mx some words: text"), "mx", "",
            SPAN_INIT("some words: text")},
        {"tag with a blank", SPAN_INIT(OLD "mx a b[1]: text"), "mx", "",
            SPAN_INIT("a b[1]: text")},
        {"pid that does not end", SPAN_INIT(OLD "mx a[1: text"), "mx", "",
            SPAN_INIT("a[1: text")},
        {"pid without colon", SPAN_INIT(OLD "mx a[1] text"), "mx", "",
            SPAN_INIT("a[1] text")},
        {"no message", SPAN_INIT(OLD "mx"), "mx", "", SPAN_INIT("")},
        {"no message, a blank", SPAN_INIT(OLD "mx "), "mx", "", SPAN_INIT("")},
        {"syslogd -v", SPAN_INIT(OLD "<mail.info> mx a[1]: text"), "mx", "a",
            SPAN_INIT("text")},
        {"syslogd -v, a selector alone", SPAN_INIT(OLD "<mail.info>"),
            "<mail.info>", "", SPAN_INIT("")},
        {"Solaris", SPAN_INIT(OLD "mx a[1]: [ID 197553 mail.info] text"), "mx",
            "a", SPAN_INIT("text")},
        {"Solaris, cut", SPAN_INIT(OLD "mx a[1]: [ID 197553 mail"), "mx", "a",
            SPAN_INIT("[ID 197553 mail")},
        {"not Solaris", SPAN_INIT(OLD "mx a[1]: [IDLE] text"), "mx", "a",
            SPAN_INIT("[IDLE] text")},
        {"NUL", SPAN_INIT(OLD "mx a[1]: te\0xt"), "mx", "a",
            SPAN_INIT("te\0xt")},
        {"invalid UTF-8", SPAN_INIT(OLD "m\xff a[1]: t\xfe\xc3"), "m\xff", "a",
            SPAN_INIT("t\xfe\xc3")},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(syslog, rfc5424)
{
    static const struct syslog_row rows[] = {
        {"no data", SPAN_INIT("<22>1 " NEW "mx postfix/smtp 12 - - text"), "mx",
            "postfix/smtp", SPAN_INIT("text")},
        {"rsyslog's second blank", SPAN_INIT("<22>1 " NEW "mx a 12 - -  text"),
            "mx", "a", SPAN_INIT("text")},
        {"message id", SPAN_INIT("<22>1 " NEW "mx a 12 ID47 - text"), "mx", "a",
            SPAN_INIT("text")},
        {"byte order mark",
            SPAN_INIT("<22>1 " NEW "mx a - - - \xef\xbb\xbftext"), "mx", "a",
            SPAN_INIT("text")},
        {"half a byte order mark",
            SPAN_INIT("<22>1 " NEW "mx a - - - \xef\xbbx"), "mx", "a",
            SPAN_INIT("\xef\xbbx")},
        {"an element", SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b\"] text"),
            "mx", "a", SPAN_INIT("text")},
        {"element without parameters",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1] text"), "mx", "a",
            SPAN_INIT("text")},
        {"two parameters",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b\" c=\"d\"] text"),
            "mx", "a", SPAN_INIT("text")},
        {"two elements",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b\"][y@2 c=\"d\"] text"),
            "mx", "a", SPAN_INIT("text")},
        {"escaped quote and bracket",
            SPAN_INIT(
                "<22>1 " NEW "mx a 12 - [x@1 a=\"\\\"] [\" c=\"\\\\\"] text"),
            "mx", "a", SPAN_INIT("text")},
        {"bracket within quotes",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b] c\" d=\"]\"] text"),
            "mx", "a", SPAN_INIT("text")},
        {"brackets in the message",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b\"] [t] \"q\" ]"), "mx",
            "a", SPAN_INIT("[t] \"q\" ]")},
        {"no message", SPAN_INIT("<22>1 " NEW "mx a 12 - -"), "mx", "a",
            SPAN_INIT("")},
        {"data and no message", SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1]"), "mx",
            "a", SPAN_INIT("")},
        {"nothing known", SPAN_INIT("<22>1 " NEW "- - - - - text"), "-", "-",
            SPAN_INIT("text")},
        {"NUL and invalid UTF-8", SPAN_INIT("<22>1 " NEW "mx a 12 - - t\0\xff"),
            "mx", "a", SPAN_INIT("t\0\xff")},
        /* not RFC 5424 */
        {"element that does not end",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b\" text"), NULL, "",
            {NULL, 0}},
        {"quote that does not end",
            SPAN_INIT("<22>1 " NEW "mx a 12 - [x@1 a=\"b] text"), NULL, "",
            {NULL, 0}},
        {"escape at the end", SPAN_INIT("<22>1 " NEW "mx a 12 - [x a=\"\\"),
            NULL, "", {NULL, 0}},
        {"no data", SPAN_INIT("<22>1 " NEW "mx a 12 - text"), NULL, "",
            {NULL, 0}},
        {"ends too early", SPAN_INIT("<22>1 " NEW "mx a 12 -"), NULL, "",
            {NULL, 0}},
        {"ends at the stamp", SPAN_INIT("<22>1 " NEW), NULL, "", {NULL, 0}},
        {"no stamp", SPAN_INIT("<22>1 - mx a 12 - - text"), NULL, "",
            {NULL, 0}},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(syslog, none_of_the_shapes)
{
    static const struct syslog_row rows[] = {
        {"empty", SPAN_INIT(""), NULL, "", {NULL, 0}},
        {"unknown", {NULL, 0}, NULL, "", {NULL, 0}},
        {"words", SPAN_INIT("some words: text"), NULL, "", {NULL, 0}},
        {"stamp alone", SPAN_INIT("Nov 23 12:16:49"), NULL, "", {NULL, 0}},
        {"stamp and a blank", SPAN_INIT(OLD), NULL, "", {NULL, 0}},
        {"stamp that goes on", SPAN_INIT("Nov 23 12:16:499 mx a: t"), NULL, "",
            {NULL, 0}},
        {"odd offset", SPAN_INIT("2026-11-23T12:16:49+1 mx a: t"), NULL, "",
            {NULL, 0}},
        {"no such day", SPAN_INIT("Nov 31 12:16:49 mx a: t"), NULL, "",
            {NULL, 0}},
        {"empty priority", SPAN_INIT("<>" OLD "mx a: t"), NULL, "", {NULL, 0}},
        {"priority of letters", SPAN_INIT("<ab>" OLD "mx a: t"), NULL, "",
            {NULL, 0}},
        {"endless priority", SPAN_INIT("<99999>" OLD "mx a: t"), NULL, "",
            {NULL, 0}},
        {"priority that does not end", SPAN_INIT("<22" OLD "mx a: t"), NULL, "",
            {NULL, 0}},
        {"NUL before the stamp", SPAN_INIT("\0" OLD "mx a: t"), NULL, "",
            {NULL, 0}},
        {"blank before the stamp", SPAN_INIT(" " OLD "mx a: t"), NULL, "",
            {NULL, 0}},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(syslog, repeated)
{
    static const struct {
        struct span message;
        int64_t times;
        struct span inner;
    } rows[] = {
        {SPAN_INIT("message repeated 3 times: [ 12AB: text]"), 3,
            SPAN_INIT("12AB: text")},
        {SPAN_INIT("message repeated 1 times: [ text]"), 1, SPAN_INIT("text")},
        {SPAN_INIT("message repeated 12 times: [text]"), 12, SPAN_INIT("text")},
        {SPAN_INIT("message repeated 2 times: [ a [b] c]"), 2,
            SPAN_INIT("a [b] c")},
        {SPAN_INIT("message repeated 2 times: [ a[b]]"), 2, SPAN_INIT("a[b]")},
        {SPAN_INIT("message repeated 2 times: [ text ] "), 2,
            SPAN_INIT("text")},
        {SPAN_INIT("message repeated 2 times: [ cut shor"), 2,
            SPAN_INIT("cut shor")},
        {SPAN_INIT("message repeated 2 times: []"), 2, SPAN_INIT("")},
        {SPAN_INIT("message repeated 2 times: ["), 2, SPAN_INIT("")},
        {SPAN_INIT("message repeated 999999999 times: [ x]"), 999999999,
            SPAN_INIT("x")},
        /* another message */
        {SPAN_INIT("message repeated 0 times: [ x]"), 1,
            SPAN_INIT("message repeated 0 times: [ x]")},
        {SPAN_INIT("message repeated 9999999999 times: [ x]"), 1,
            SPAN_INIT("message repeated 9999999999 times: [ x]")},
        {SPAN_INIT("message repeated -1 times: [ x]"), 1,
            SPAN_INIT("message repeated -1 times: [ x]")},
        {SPAN_INIT("message repeated times: [ x]"), 1,
            SPAN_INIT("message repeated times: [ x]")},
        {SPAN_INIT("message repeated 2 times"), 1,
            SPAN_INIT("message repeated 2 times")},
        {SPAN_INIT("last message repeated 2 times"), 1,
            SPAN_INIT("last message repeated 2 times")},
        {SPAN_INIT("text"), 1, SPAN_INIT("text")},
        {SPAN_INIT(""), 1, SPAN_INIT("")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span inner;
        int64_t n = syslog_repeated(rows[i].message, &inner);
        cr_expect_eq(n, rows[i].times, "row %zu: %lld", i, (long long)n);
        cr_expect(span_equal(inner, rows[i].inner), "row %zu: %.*s", i,
            (int)inner.len, inner.ptr);
    }
}

Test(syslog, unescape)
{
    static const struct {
        struct span message;
        size_t room;
        struct span want;
    } rows[] = {
        {SPAN_INIT("a#011b#012c"), 64, SPAN_INIT("a\tb\nc")},
        {SPAN_INIT("#012#012"), 64, SPAN_INIT("\n\n")},
        {SPAN_INIT("a#010b#013c#01"), 64, SPAN_INIT("a#010b#013c#01")},
        {SPAN_INIT("554 #5.7.1 #012x"), 64, SPAN_INIT("554 #5.7.1 \nx")},
        {SPAN_INIT("##0111"), 64, SPAN_INIT("#\t1")},
        {SPAN_INIT("\0#011\xff"), 64, SPAN_INIT("\0\t\xff")},
        {SPAN_INIT("a#011bcd"), 3, SPAN_INIT("a\tb")},
        {SPAN_INIT("a#011"), 1, SPAN_INIT("a")},
        {SPAN_INIT("#011"), 0, SPAN_INIT("")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[64];
        struct span got = syslog_unescape(rows[i].message, out, rows[i].room);
        cr_expect(span_equal(got, rows[i].want), "row %zu: %.*s", i,
            (int)got.len, got.ptr);
        cr_expect_eq(got.ptr, out, "row %zu", i);
    }
    char out[4];
    struct span plain = SPAN_LITERAL("nothing to undo #0");
    cr_expect_eq(syslog_unescape(plain, out, sizeof(out)).ptr, plain.ptr);
    cr_expect_eq(syslog_unescape(SPAN_NONE, out, sizeof(out)).len, 0);
}
