/* SPDX-License-Identifier: MIT */
/* parse/programs: which packs speak for a tag, and which of them for a line. */
#include "parse/programs.h"

#include "parse/parser.h"

#include <criterion/criterion.h>

static struct formats *formats;

static void set_up(void)
{
    formats = formats_load(NULL);
    cr_assert_not_null(formats);
}

static void tear_down(void)
{
    formats_free(formats);
}

TestSuite(programs, .init = set_up, .fini = tear_down);

Test(programs, find)
{
    struct programs *programs = programs_create(formats);
    const struct program *p =
        programs_find(programs, SPAN_LITERAL("courierlocal"));
    cr_assert_not_null(p->format);
    cr_expect(span_equal(p->format->name, SPAN_LITERAL("courier")));
    cr_expect(span_equal(p->name, SPAN_LITERAL("courierlocal")));
    cr_expect_null(p->next);

    p = programs_find(programs, SPAN_LITERAL("sshd"));
    cr_expect_null(p->format);
    cr_expect(span_equal(p->name, SPAN_LITERAL("sshd")));
    cr_expect_null(p->next);

    p = programs_find(programs, SPAN_LITERAL("smtpd"));
    cr_assert_not_null(p->format);
    cr_expect(span_equal(p->format->name, SPAN_LITERAL("opensmtpd")));
    cr_assert_not_null(p->next);
    cr_expect(span_equal(p->next->format->name, SPAN_LITERAL("qmail")));
    programs_free(programs);
}

/* The pack whose patterns claim the line has it; the first, if none does. */
Test(programs, tag_of_two_packs)
{
    static const struct {
        const char *line;
        enum line_class class;
        const char *mta;
    } rows[] = {
        {"Nov 23 12:22:30 mx smtpd: 1795436550.236333 rblsmtpd: 203.0.113.20 "
         "pid 20108: 553 listed",
            LINE_EVENT, "qmail"},
        {"Nov 23 12:22:30 mx smtpd: 1795436550.079172 tcpserver: status: 1/60",
            LINE_IGNORED, "qmail"},
        {"Nov 23 12:22:30 mx smtpd[7]: 6495bcdbc736fb1d smtp disconnected "
         "reason=quit",
            LINE_IGNORED, "opensmtpd"},
        {"Nov 23 12:22:30 mx smtpd[7]: what nobody writes", LINE_UNKNOWN,
            "opensmtpd"},
    };
    struct zone *zone = zone_open("UTC");
    struct parser_options options = {
        .formats = formats, .zone = zone, .anchor = 1798761600};
    struct parser *parser = parser_create(&options);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct parsed_line got;
        parser_line(parser, span_of(rows[i].line), &got);
        cr_expect_eq(got.class, rows[i].class, "%s: %s", rows[i].line,
            line_class_name(got.class));
        cr_expect(span_equal(got.mta, span_of(rows[i].mta)), "%s: %.*s",
            rows[i].line, (int)got.mta.len, got.mta.ptr);
    }
    parser_free(parser);
    zone_free(zone);
}
