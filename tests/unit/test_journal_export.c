/* SPDX-License-Identifier: MIT */
/* parse/journal_export: entries of journalctl -o export and -o json. */
#include "parse/journal_export.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "parse/json_record.h"

#include <criterion/criterion.h>

#define CURSOR "__CURSOR=s=0f;i=1;b=2;m=3;t=4;x=5\n"
#define TIME "__REALTIME_TIMESTAMP=1764072009610367\n"
#define ENTRY CURSOR TIME "__MONOTONIC_TIMESTAMP=5\n"
#define LEN(n) n "\0\0\0\0\0\0\0"

static void add_field(struct buffer *out, struct span value)
{
    if (span_is_known(value)) {
        buffer_add(out, value);
    } else {
        buffer_add_char(out, '?');
    }
    buffer_add_char(out, '|');
}

/* "time|host|identifier|pid|command|message|", unknown ones as "?". */
static void add_entry(struct buffer *out, const struct journal_export_entry *e)
{
    buffer_addf(out, "%lld|", (long long)e->time);
    add_field(out, e->host);
    add_field(out, e->identifier);
    add_field(out, e->pid);
    add_field(out, e->command);
    add_field(out, e->message);
}

enum feeding { EXACT, WITHOUT_CR };

/* Feed the lines of ${stream} and put its entries in ${out}. */
static void feed(struct journal_export *j, struct span stream,
    enum feeding feeding, struct buffer *out)
{
    buffer_reset(out);
    while (stream.len > 0) {
        size_t n = span_find(stream, SPAN_LITERAL("\n"));
        struct span line = span_first(stream, n);
        stream = span_skip(stream, n + (n < stream.len));
        if (feeding == WITHOUT_CR && span_ends(line, SPAN_LITERAL("\r"))) {
            line.len--;
        }
        struct journal_export_entry entry;
        if (journal_export_feed(j, line, &entry)) {
            add_entry(out, &entry);
        }
    }
    journal_export_end(j);
}

struct journal_row {
    const char *name;
    struct span stream;
    struct span want;
    unsigned dropped;
};

static void check_rows(
    const struct journal_row *rows, size_t n, enum feeding feeding)
{
    struct journal_export *j = journal_export_create();
    struct buffer out;
    buffer_init(&out, 4096);
    uint64_t dropped = 0;
    for (size_t i = 0; i < n; i++) {
        feed(j, rows[i].stream, feeding, &out);
        cr_expect(span_equal(buffer_span(&out), rows[i].want), "%s: %s",
            rows[i].name, buffer_string(&out));
        uint64_t more = journal_export_n_dropped(j) - dropped;
        cr_expect_eq(more, rows[i].dropped, "%s: %u dropped", rows[i].name,
            (unsigned)more);
        dropped += more;
    }
    buffer_free(&out);
    journal_export_free(j);
}

#define T "1764072009610367|"

Test(journal_export, text_fields)
{
    static const struct journal_row rows[] = {
        {"all fields",
            SPAN_INIT(ENTRY "_HOSTNAME=mx\nSYSLOG_IDENTIFIER=postfix/smtp\n"
                            "_TRANSPORT=syslog\nSYSLOG_PID=12\n_COMM=smtp\n"
                            "_PID=13\nMESSAGE=12AB: to=<a@b>, x=y\n\n"),
            SPAN_INIT(T "mx|postfix/smtp|12|smtp|12AB: to=<a@b>, x=y|"), 0},
        {"other process id", SPAN_INIT(ENTRY "_PID=13\nMESSAGE=m\n\n"),
            SPAN_INIT(T "?|?|13|?|m|"), 0},
        {"no message", SPAN_INIT(ENTRY "_PID=13\n\n"),
            SPAN_INIT(T "?|?|13|?|?|"), 0},
        {"empty message", SPAN_INIT(ENTRY "MESSAGE=\n\n"),
            SPAN_INIT(T "?|?|?|?||"), 0},
        {"first of two", SPAN_INIT(ENTRY "MESSAGE=a\nMESSAGE=b\n\n"),
            SPAN_INIT(T "?|?|?|?|a|"), 0},
        {"two entries", SPAN_INIT(ENTRY "MESSAGE=a\n\n" ENTRY "MESSAGE=b\n\n"),
            SPAN_INIT(T "?|?|?|?|a|" T "?|?|?|?|b|"), 0},
        {"empty lines", SPAN_INIT("\n\n" ENTRY "MESSAGE=a\n\n\n\n"),
            SPAN_INIT(T "?|?|?|?|a|"), 0},
        {"no cursor", SPAN_INIT(TIME "MESSAGE=a\n\n"),
            SPAN_INIT(T "?|?|?|?|a|"), 0},
        {"NUL and invalid UTF-8", SPAN_INIT(ENTRY "MESSAGE=a\0\xff\n\n"),
            SPAN_INIT(T "?|?|?|?|a\0\xff|"), 0},
        {"similar names", SPAN_INIT(ENTRY "MESSAGE_ID=x\n_MESSAGE=y\n\n"),
            SPAN_INIT(T "?|?|?|?|?|"), 0},
        {"nothing", SPAN_INIT(""), SPAN_INIT(""), 0},
        /* dropped */
        {"cut in a field", SPAN_INIT(ENTRY "MESSAGE=cut"), SPAN_INIT(""), 1},
        {"cut before its end", SPAN_INIT(ENTRY "MESSAGE=a\n"), SPAN_INIT(""),
            1},
        {"no time", SPAN_INIT(CURSOR "MESSAGE=a\n\n"), SPAN_INIT(""), 1},
        {"no number for a time",
            SPAN_INIT("__REALTIME_TIMESTAMP=x\nMESSAGE=a\n\n"), SPAN_INIT(""),
            1},
        {"another log",
            SPAN_INIT("Nov 23 12:16:49 mx a: x\nmore\n\nMESSAGE=a\n"),
            SPAN_INIT(""), 1},
        {"goes on after damage",
            SPAN_INIT(ENTRY "no field\nMESSAGE=x\n\n" ENTRY "MESSAGE=b\n\n"),
            SPAN_INIT(T "?|?|?|?|b|"), 1},
        {"no empty line between",
            SPAN_INIT(ENTRY "MESSAGE=a\n" ENTRY "MESSAGE=b\n\n"),
            SPAN_INIT(T "?|?|?|?|a|" T "?|?|?|?|b|"), 0},
        {"name without end",
            SPAN_INIT(ENTRY "A123456789012345678901234567890123456789012345678"
                            "9012345678901234567890=x\n\n"),
            SPAN_INIT(""), 1},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]), EXACT);
    check_rows(rows, sizeof(rows) / sizeof(rows[0]), WITHOUT_CR);
}

Test(journal_export, binary_fields)
{
    static const struct journal_row rows[] = {
        {"plain", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\2") "ab\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|ab|"), 0},
        {"empty", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\0") "\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?||"), 0},
        {"line feed inside", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\3") "a\nb\n\n"),
            SPAN_INIT(T "?|?|?|?|a\nb|"), 0},
        {"at its end", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\2") "a\n\n\n"),
            SPAN_INIT(T "?|?|?|?|a\n|"), 0},
        {"at its start", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\2") "\na\n\n"),
            SPAN_INIT(T "?|?|?|?|\na|"), 0},
        {"nothing else", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\3") "\n\n\n\n\n"),
            SPAN_INIT(T "?|?|?|?|\n\n\n|"), 0},
        {"NUL", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\3") "\0a\0\n\n"),
            SPAN_INIT(T "?|?|?|?|\0a\0|"), 0},
        {"length is a line feed",
            SPAN_INIT(ENTRY "MESSAGE\n" LEN("\n") "0123456789\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|0123456789|"), 0},
        {"and text, too",
            SPAN_INIT(ENTRY "MESSAGE\n" LEN("\n") "\n1234\n678\n\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|\n1234\n678\n|"), 0},
        {"field of no interest",
            SPAN_INIT(ENTRY "X\n" LEN("\3") "a\nb\nMESSAGE=m\n\n"),
            SPAN_INIT(T "?|?|?|?|m|"), 0},
        {"two",
            SPAN_INIT(
                ENTRY "_COMM\n" LEN("\1") "\n\nMESSAGE\n" LEN("\1") "m\n\n"),
            SPAN_INIT(T "?|?|?|\n|m|"), 0},
        /* text that would like to be more */
        {"forged field",
            SPAN_INIT(ENTRY "MESSAGE\n" LEN("\x0a") "x\n_COMM=ev\n\n"),
            SPAN_INIT(T "?|?|?|?|x\n_COMM=ev|"), 0},
        {"forged end and entry",
            SPAN_INIT(ENTRY "MESSAGE\n" LEN("\x0d") "x\n\n__CURSOR=y\n_PID=1\n"
                                                    "\n"),
            SPAN_INIT(T "?|?|1|?|x\n\n__CURSOR=y|"), 0},
        /* damage */
        {"cut in the length", SPAN_INIT(ENTRY "MESSAGE\n\2\0\0"), SPAN_INIT(""),
            1},
        {"cut behind the name", SPAN_INIT(ENTRY "MESSAGE\n"), SPAN_INIT(""), 1},
        {"cut in the text", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\x09") "ab\ncd"),
            SPAN_INIT(""), 1},
        {"length too small",
            SPAN_INIT(
                ENTRY "MESSAGE\n" LEN("\1") "ab\n\n" ENTRY "MESSAGE=c\n\n"),
            SPAN_INIT(T "?|?|?|?|c|"), 1},
        {"length too large",
            SPAN_INIT(ENTRY "MESSAGE\n" LEN("\7") "ab\n_PID=123\n\n" ENTRY
                                                  "MESSAGE=c\n\n"),
            SPAN_INIT(T "?|?|?|?|c|"), 1},
        {"absurd length",
            SPAN_INIT(ENTRY "MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff"
                            "a\n\n" ENTRY "MESSAGE=c\n\n"),
            SPAN_INIT(T "?|?|?|?|c|"), 1},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]), EXACT);
    check_rows(rows, sizeof(rows) / sizeof(rows[0]), WITHOUT_CR);
}

Test(journal_export, returns_kept)
{
    static const struct journal_row rows[] = {
        {"at the end", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\2") "a\r\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|a\r|"), 0},
        {"inside", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\4") "a\r\nb\n\n"),
            SPAN_INIT(T "?|?|?|?|a\r\nb|"), 0},
        {"with a forged field",
            SPAN_INIT(ENTRY "MESSAGE\n" LEN("\x0c") "\r\n\r\n_PID=666\n\n"),
            SPAN_INIT(T "?|?|?|?|\r\n\r\n_PID=666|"), 0},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]), EXACT);
}

Test(journal_export, returns_lost)
{
    static const struct journal_row rows[] = {
        {"at the end", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\2") "a\r\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|a|"), 0},
        {"inside", SPAN_INIT(ENTRY "MESSAGE\n" LEN("\4") "a\r\nb\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|a\nb|"), 0},
        {"three",
            SPAN_INIT(
                ENTRY "MESSAGE\n" LEN("\x08") "a\r\nb\r\nc\r\n_PID=1\n\n"),
            SPAN_INIT(T "?|?|1|?|a\nb\nc|"), 0},
        {"at the end of the entry",
            SPAN_INIT(
                ENTRY "MESSAGE\n" LEN("\2") "a\r\n\n" ENTRY "MESSAGE=b\n\n"),
            SPAN_INIT(T "?|?|?|?|a\n|" T "?|?|?|?|b|"), 0},
        {"in the length, so it is none",
            SPAN_INIT(
                ENTRY "MESSAGE\n\r\n\0\0\0\0\0\0aa\n\n" ENTRY "MESSAGE=b\n\n"),
            SPAN_INIT(T "?|?|?|?|b|"), 1},
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]), WITHOUT_CR);
}

Test(journal_export, large_fields)
{
    struct journal_export *j = journal_export_create();
    struct buffer b;
    struct buffer out;
    buffer_init(&b, 4 * LIMIT_LINE_LEN);
    buffer_init(&out, 4096);
    /* 0x080000: twice the limit, in two lines. */
    buffer_add(&b, SPAN_LITERAL(ENTRY "MESSAGE\n\0\0\x08\0\0\0\0\0"));
    for (size_t i = 0; i < 2 * LIMIT_LINE_LEN; i++) {
        buffer_add_char(&b, i == LIMIT_LINE_LEN ? '\n' : 'x');
    }
    buffer_add(&b, SPAN_LITERAL("\n\n" ENTRY "MESSAGE=b\n\n"));
    feed(j, buffer_span(&b), EXACT, &out);
    cr_expect_str_eq(buffer_string(&out), T "?|?|?|?|b|");
    cr_expect_eq(journal_export_n_dropped(j), 1);

    /* The same in a field that nobody wants. */
    memcpy(b.bytes + sizeof(ENTRY) - 1, "MASSAGE", 7);
    feed(j, buffer_span(&b), EXACT, &out);
    cr_expect_str_eq(buffer_string(&out), T "?|?|?|?|?|" T "?|?|?|?|b|");
    cr_expect_eq(journal_export_n_dropped(j), 1);
    buffer_free(&b);
    buffer_free(&out);
    journal_export_free(j);
    journal_export_free(NULL);
}

Test(journal_export, recognise)
{
    static const struct {
        struct span line;
        bool want;
    } rows[] = {
        {SPAN_INIT("__CURSOR=s=0f"), true},
        {SPAN_INIT("__CURSOR="), true},
        {SPAN_INIT("__REALTIME_TIMESTAMP=1"), true},
        {SPAN_INIT("__CURSOR"), false},
        {SPAN_INIT("__CURSORS=1"), false},
        {SPAN_INIT(" __CURSOR=1"), false},
        {SPAN_INIT("MESSAGE=1"), false},
        {SPAN_INIT(""), false},
        {{NULL, 0}, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(
            journal_export_recognise(rows[i].line), rows[i].want, "row %zu", i);
    }
}

Test(journal_export, in_entry)
{
    struct journal_export *j = journal_export_create();
    struct journal_export_entry entry;
    cr_expect_not(journal_export_in_entry(j));
    journal_export_feed(j, SPAN_LITERAL("__REALTIME_TIMESTAMP=5"), &entry);
    cr_expect(journal_export_in_entry(j));
    journal_export_feed(j, SPAN_LITERAL("MESSAGE"), &entry);
    cr_expect(journal_export_in_entry(j));
    journal_export_feed(j, SPAN_LITERAL(LEN("\1") "a"), &entry);
    cr_expect(journal_export_feed(j, SPAN_LITERAL(""), &entry));
    cr_expect_not(journal_export_in_entry(j));
    cr_expect_eq(entry.time, 5);
    journal_export_free(j);
}

Test(journal_export, json)
{
    static const struct {
        const char *line;
        const char *want; /* NULL: no journal entry */
    } rows[] = {
        {"{\"__REALTIME_TIMESTAMP\":\"1764072009610367\",\"_HOSTNAME\":\"mx\","
         "\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"SYSLOG_PID\":\"12\","
         "\"_PID\":\"13\",\"_COMM\":\"smtp\",\"MESSAGE\":\"m\"}",
            T "mx|postfix/smtp|12|smtp|m|"},
        {"{\"__REALTIME_TIMESTAMP\":\"5\",\"MESSAGE\":[72,105,10,255]}",
            "5|?|?|?|?|Hi\n\xff|"},
        {"{\"__REALTIME_TIMESTAMP\":\"5\",\"MESSAGE\":null,\"_PID\":\"1\"}",
            "5|?|?|1|?|?|"},
        {"{\"__REALTIME_TIMESTAMP\":\"5\",\"MESSAGE\":[\"a\",\"b\"]}",
            "5|?|?|?|?|a|"},
        {"{\"MESSAGE\":\"m\"}", NULL},
        {"{\"__REALTIME_TIMESTAMP\":\"today\",\"MESSAGE\":\"m\"}", NULL},
        {"{\"__REALTIME_TIMESTAMP\":null}", NULL},
        {"{}", NULL},
    };
    struct json_record *json = json_record_create();
    struct record r;
    struct buffer out;
    record_init(&r);
    buffer_init(&out, 1024);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_export_entry entry;
        cr_assert(json_record_read(json, span_of(rows[i].line), &r));
        bool got = journal_export_from_json(&r, &entry);
        cr_expect_eq(got, rows[i].want != NULL, "row %zu", i);
        buffer_reset(&out);
        if (got && rows[i].want != NULL) {
            add_entry(&out, &entry);
            cr_expect_str_eq(buffer_string(&out), rows[i].want);
        }
    }
    buffer_free(&out);
    record_free(&r);
    json_record_free(json);
}
