/* SPDX-License-Identifier: MIT */
/* mail/reply: reply code, enhanced status code and text, apart. */
#include "mail/reply.h"

#include <criterion/criterion.h>

Test(status, parse)
{
    static const struct {
        const char *text;
        const char *want; /* "" : none */
        size_t len;
    } rows[] = {
        {"5.1.1", "5.1.1", 5},
        {"5.1.1 text", "5.1.1", 5},
        {"2.0.0\ttext", "2.0.0", 5},
        {"4.7.650 text", "4.7.650", 7},
        {"5.7.999", "5.7.999", 7},
        {"5.999.0", "5.999.0", 7},
        {"5.0.0", "5.0.0", 5},
        {"5.01.001 leading zeros", "5.1.1", 8},
        {"5.1.1: text", "5.1.1", 5},
        {"5.1.1, text", "5.1.1", 5},
        {"5.1.1)", "5.1.1", 5},
        {"5.1.1-text", "5.1.1", 5},
        {"5.1.1_x", "5.1.1", 5},
        {"5.1.1.", "5.1.1", 5},
        {"5.1.1. The", "5.1.1", 5},
        {"5.1.1\xc3\xa9", "5.1.1", 5},
        /* no class but 2, 4 and 5 (RFC 3463, 2) */
        {"3.1.1", "", 0},
        {"1.1.1", "", 0},
        {"0.1.1", "", 0},
        {"6.1.1", "", 0},
        {"55.1.1", "", 0},
        /* addresses, versions and longer numbers */
        {"5.1.1.1", "", 0},
        {"5.1.1234", "", 0},
        {"5.1234.1", "", 0},
        {"5.1.1a", "", 0},
        {"5.1.1Z", "", 0},
        /* cut short, or not there */
        {"5.1.", "", 0},
        {"5.1", "", 0},
        {"5.1. 1", "", 0},
        {"5..1", "", 0},
        {"5.1..", "", 0},
        {"5.", "", 0},
        {"5", "", 0},
        {"", "", 0},
        {" 5.1.1", "", 0},
        {"#5.1.1", "", 0},
        {"5,1,1", "", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct status_code status = {0};
        char text[STATUS_TEXT_LEN];
        size_t n = status_parse(span_of(rows[i].text), &status);
        size_t len = status_format(status, text);
        cr_expect_str_eq(text, rows[i].want, "%s", rows[i].text);
        cr_expect_eq(len, strlen(rows[i].want), "%s", rows[i].text);
        cr_expect_eq(n, rows[i].len, "%s: %zu bytes", rows[i].text, n);
    }
}

/* What is no status leaves alone what was known before. */
Test(status, parse_keeps_what_it_does_not_replace)
{
    struct status_code status = {5, 7, 1};
    cr_expect_eq(status_parse(span_of("no"), &status), 0);
    cr_expect_eq(status.class, 5);
    cr_expect_eq(status.subject, 7);
    cr_expect_eq(status_parse(SPAN_NONE, &status), 0);
}

Test(status, longest_text_fits)
{
    char text[STATUS_TEXT_LEN];
    struct status_code status = {255, 65535, 65535};
    cr_expect_eq(status_format(status, text), 15);
    cr_expect_str_eq(text, "255.65535.65535");
}

struct reply_row {
    const char *name;
    struct span raw;
    int code;
    const char *status;
    const char *text;
};

static void check_reply(const struct reply_row *row, size_t scratch_len)
{
    char scratch[512];
    char status[STATUS_TEXT_LEN];
    struct smtp_reply r;
    smtp_reply_parse(row->raw, scratch, scratch_len, &r);
    status_format(r.status, status);
    cr_expect_eq(r.code, row->code, "%s: code %d", row->name, r.code);
    cr_expect_str_eq(status, row->status, "%s", row->name);
    cr_expect(span_equal(r.text, span_of(row->text)), "%s: \"%.*s\"", row->name,
        (int)r.text.len, r.text.ptr);
    cr_expect(span_equal(r.raw, row->raw), "%s: raw", row->name);
}

Test(reply, one_line)
{
    static const struct reply_row rows[] = {
        {"both codes", SPAN_INIT("550 5.1.1 No such user"), 550, "5.1.1",
            "No such user"},
        {"reply code alone", SPAN_INIT("550 No such user"), 550, "",
            "No such user"},
        {"no text", SPAN_INIT("550"), 550, "", ""},
        {"no text, blank", SPAN_INIT("550 "), 550, "", ""},
        {"hyphen and nothing", SPAN_INIT("550-"), 550, "", ""},
        {"status and no text", SPAN_INIT("550 5.1.1"), 550, "5.1.1", ""},
        {"blanks around", SPAN_INIT("  550  5.1.1  text \t"), 550, "5.1.1",
            "text"},
        {"number sign (Cisco)", SPAN_INIT("554 #5.7.1 refused"), 554, "5.7.1",
            "refused"},
        {"number sign alone", SPAN_INIT("554 #refused"), 554, "", "#refused"},
        {"status with a colon", SPAN_INIT("550 5.1.1: gone"), 550, "5.1.1",
            ": gone"},
        {"status of another class", SPAN_INIT("450 5.1.1 odd"), 450, "5.1.1",
            "odd"},
        {"status later in the text", SPAN_INIT("550 see 5.1.1"), 550, "",
            "see 5.1.1"},
        {"status too big", SPAN_INIT("550 5.1.1000 x"), 550, "", "5.1.1000 x"},
        {"an address is no status", SPAN_INIT("554 5.6.7.8 is listed"), 554, "",
            "5.6.7.8 is listed"},
        {"code with a colon", SPAN_INIT("550: gone"), 550, "", ": gone"},
        {"positive", SPAN_INIT("250 2.0.0 Ok: queued"), 250, "2.0.0",
            "Ok: queued"},
        {"intermediate", SPAN_INIT("354 go ahead"), 354, "", "go ahead"},
        {"extreme codes", SPAN_INIT("599 x"), 599, "", "x"},
        {"lowest", SPAN_INIT("200 x"), 200, "", "x"},
        /* no reply code */
        {"1xx", SPAN_INIT("150 x"), 0, "", "150 x"},
        {"6xx", SPAN_INIT("600 x"), 0, "", "600 x"},
        {"four digits", SPAN_INIT("5501 x"), 0, "", "5501 x"},
        {"two digits", SPAN_INIT("55 x"), 0, "", "55 x"},
        {"word", SPAN_INIT("550th x"), 0, "", "550th x"},
        {"decimal", SPAN_INIT("550.5 x"), 0, "", "550.5 x"},
        {"text", SPAN_INIT("Connection refused"), 0, "", "Connection refused"},
        {"empty", SPAN_INIT(""), 0, "", ""},
        {"blank", SPAN_INIT("  "), 0, "", ""},
        {"status without code (milter)", SPAN_INIT("5.7.1 Spam"), 0, "5.7.1",
            "Spam"},
        {"status alone", SPAN_INIT("4.7.1"), 0, "4.7.1", ""},
        /* bytes */
        {"invalid UTF-8", SPAN_INIT("550 5.1.1 \xff\xfe"), 550, "5.1.1",
            "\xff\xfe"},
        {"a code inside a single line stays",
            SPAN_INIT("550 5.1.1 a 550 5.1.1 b"), 550, "5.1.1",
            "a 550 5.1.1 b"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_reply(&rows[i], 512);
    }
}

Test(reply, many_lines)
{
    static const struct reply_row rows[] = {
        {"joined by blanks", SPAN_INIT("550-5.1.1 a 550 5.1.1 b"), 550, "5.1.1",
            "a b"},
        {"three lines", SPAN_INIT("550-5.1.1 a 550-5.1.1 b 550 5.1.1 c"), 550,
            "5.1.1", "a b c"},
        {"no status", SPAN_INIT("550-a 550-b 550 c"), 550, "", "a b c"},
        {"newlines", SPAN_INIT("550-5.1.1 a\n550-5.1.1 b\n550 5.1.1 c"), 550,
            "5.1.1", "a b c"},
        {"carriage returns", SPAN_INIT("550-a\r\n550 b"), 550, "", "a b"},
        {"slashes (qmail)",
            SPAN_INIT("550-5.1.1 a/550-5.1.1 http://b/550/550 5.1.1 c"), 550,
            "5.1.1", "a http://b/550 c"},
        {"a slash that ends no line", SPAN_INIT("550 a/550 b"), 550, "",
            "a/550 b"},
        {"literal \\n", SPAN_INIT("550-5.1.1 a\\n550-5.1.1 b\\n550 5.1.1 c"),
            550, "5.1.1", "a b c"},
        {"literal \\n before other text", SPAN_INIT("550-a\\nb 550 c"), 550, "",
            "a\\nb c"},
        {"status on the first line only", SPAN_INIT("550-5.7.1 a 550 b"), 550,
            "5.7.1", "a b"},
        {"statuses that differ", SPAN_INIT("550-5.7.1 a 550 5.2.2 b"), 550,
            "5.7.1", "a b"},
        {"empty line between", SPAN_INIT("550-5.1.1 a 550-5.1.1 550 5.1.1 b"),
            550, "5.1.1", "a b"},
        {"empty first line", SPAN_INIT("550-\n550 b"), 550, "", "b"},
        {"empty first line and a blank", SPAN_INIT("550- 550 b"), 550, "", "b"},
        {"only empty lines", SPAN_INIT("550-5.1.1 550-5.1.1 550 5.1.1"), 550,
            "5.1.1", ""},
        {"text that begins with the number", SPAN_INIT("550-550 mails 550 b"),
            550, "", "550 mails b"},
        {"cut in the middle", SPAN_INIT("550-5.1.1 a 550-5.1.1 b 55"), 550,
            "5.1.1", "a b 55"},
        /* what is no new line of this reply */
        {"another code", SPAN_INIT("550-5.1.1 a 551 5.1.6 b 550 c"), 550,
            "5.1.1", "a 551 5.1.6 b c"},
        {"another code after a newline", SPAN_INIT("554-a\n550 5.7.1 b"), 554,
            "", "a\n550 5.7.1 b"},
        {"the code inside a word", SPAN_INIT("550-a x550 b 550 c"), 550, "",
            "a x550 b c"},
        {"the code of a longer number", SPAN_INIT("550-a 5501 b 550 c"), 550,
            "", "a 5501 b c"},
        {"the code with a colon", SPAN_INIT("550-a 550: b 550 c"), 550, "",
            "a 550: b c"},
        {"the code in an address", SPAN_INIT("550-a 550.1.2.3 b 550 c"), 550,
            "", "a 550.1.2.3 b c"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_reply(&rows[i], 512);
    }
}

/* A reply that is longer than the scratch memory is cut there. */
Test(reply, scratch_is_bounded)
{
    static const struct {
        size_t len;
        const char *want;
    } rows[] = {{0, ""}, {1, "a"}, {2, "a"}, {3, "a b"}, {4, "a bc"},
        {5, "a bc"}, {6, "a bc d"}, {7, "a bc d"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reply_row row = {
            "scratch", SPAN_INIT("550-a 550-bc 550 d"), 550, "", rows[i].want};
        check_reply(&row, rows[i].len);
    }
}

Test(reply, text_borrows_from_the_line)
{
    char scratch[16];
    struct smtp_reply r;
    struct span raw = SPAN_LITERAL("550 5.1.1 one\0line");
    smtp_reply_parse(raw, scratch, sizeof(scratch), &r);
    cr_expect_eq(r.text.ptr, raw.ptr + 10);
    cr_expect_eq(r.text.len, 8);
    smtp_reply_parse(SPAN_NONE, scratch, sizeof(scratch), &r);
    cr_expect_eq(r.code, 0);
    cr_expect_eq(r.text.len, 0);
}
