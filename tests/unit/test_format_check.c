/* SPDX-License-Identifier: MIT */
/* parse/format_check: do the samples give what they say? */
#include "parse/format_check.h"

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

TestSuite(format_check, .init = set_up);

#define LINES "name: x\ntitle: X\nshape: syslog\nlines:\n"
#define SENT                                                                   \
    "  - id: sent\n"                                                           \
    "    starts: ['to=']\n"                                                    \
    "    match: 'to=<(?<recipient>.*)> (?<disposition>\\w+) "                  \
    "(?<delay>\\S+) (?<reply>.*)'\n"                                           \
    "    set: {kind: outcome, direction: outbound, stage: eom}\n"              \
    "    samples:\n"                                                           \
    "      - line: 'to=<a@b> bounced 1.5 550 5.1.1 no'\n"

/* SENT's sample begins on line 10, its id stands on line 5. */
static const struct {
    const char *name;
    const char *yaml;
    size_t patterns;
    size_t samples;
    size_t faults;
    const char *what; /* occurs in what is said */
} rows[] = {
    {"right", LINES SENT, 1, 1, 0, ""},
    {"right, with all it wants",
        LINES SENT
        "        want: {kind: outcome, direction: outbound, disposition: "
        "bounced, stage: eom, recipient: a@b, sender: '', queue_id: '', "
        "peer: '', peer_ip: '', reply_code: '550', enhanced_code: 5.1.1, "
        "delay: '1500', reply: 'no'}\n",
        1, 1, 0, ""},
    {"wrong text", LINES SENT "        want: {recipient: b@a}\n", 1, 1, 1,
        "smtpscope: p.yaml:5: sent: sample gives recipient \"a@b\", not "
        "\"b@a\"\n"},
    {"wrong name", LINES SENT "        want: {stage: rcpt}\n", 1, 1, 1,
        "sample gives stage \"eom\", not \"rcpt\""},
    {"wrong number", LINES SENT "        want: {reply_code: '551'}\n", 1, 1, 1,
        "sample gives reply_code \"550\", not \"551\""},
    {"wrong status", LINES SENT "        want: {enhanced_code: 5.1.2}\n", 1, 1,
        1, "sample gives enhanced_code \"5.1.1\", not \"5.1.2\""},
    {"wrong delay", LINES SENT "        want: {delay: '1.5'}\n", 1, 1, 1,
        "sample gives delay \"1500\", not \"1.5\""},
    {"several faults", LINES SENT "        want: {kind: hop, sender: x}\n", 1,
        1, 2, "sample gives sender \"\", not \"x\""},
    {"a sample that is not claimed", LINES SENT "      - line: 'for=x'\n", 1, 2,
        1, "p.yaml:5: sent: its sample goes to no pattern: for=x"},
    {"a sample that makes no event",
        LINES SENT "      - line: 'to=<a> eaten 1 x'\n", 1, 2, 1,
        "sent: sample is unknown: to=<a> eaten 1 x"},
    {"two patterns claim it",
        LINES SENT "  - id: other\n"
                   "    has: ['bounced']\n"
                   "    set: {kind: outcome, disposition: bounced}\n"
                   "    samples: [{line: 'bounced'}]\n",
        2, 2, 1, "p.yaml:5: sent: its sample is claimed by other too"},
    {"two patterns of different programs",
        LINES SENT "    programs: [smtp]\n"
                   "  - id: other\n"
                   "    programs: [pipe]\n"
                   "    has: ['bounced']\n"
                   "    set: {kind: outcome, disposition: bounced}\n"
                   "    samples: [{line: 'bounced'}]\n",
        2, 2, 0, ""},
    {"ignore may claim what a line does",
        LINES SENT "ignore:\n"
                   "  - id: other\n"
                   "    has: ['bounced']\n"
                   "    samples: [{line: 'x bounced'}]\n",
        2, 2, 0, ""},
    {"ignored, though a line claims it",
        LINES SENT "ignore:\n"
                   "  - id: other\n"
                   "    has: ['bounced']\n"
                   "    samples: [{line: 'to=<a> bounced 1 x'}]\n",
        2, 2, 1, "other: its sample goes to sent: to=<a> bounced 1 x"},
    {"a part",
        LINES SENT
        "parts:\n"
        "  - id: relay\n"
        "    of: relay\n"
        "    match: '(?<peer>.*)\\[(?<peer_ip>.*)\\]$'\n"
        "    samples: [{line: 'h[::1]', want: {peer: h, peer_ip: '::1'}}]\n",
        2, 2, 0, ""},
    {"a part's sample that is not claimed",
        LINES SENT "parts:\n"
                   "  - id: relay\n"
                   "    of: relay\n"
                   "    match: '(?<peer>.*)\\[(?<peer_ip>.*)\\]$'\n"
                   "    samples: [{line: 'h'}]\n",
        2, 2, 1, "relay: does not claim its sample: h"},
    {"a part that gives something else",
        LINES SENT "parts:\n"
                   "  - id: relay\n"
                   "    of: relay\n"
                   "    match: '(?<peer>.*)\\[(?<peer_ip>.*)\\]$'\n"
                   "    samples: [{line: 'h[::1]', want: {peer: g}}]\n",
        2, 2, 1, "relay: sample gives peer \"h\", not \"g\""},
};

Test(format_check, run)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct format_check_result got;
        struct formats *all = formats_load_text("p.yaml", rows[i].yaml);
        cr_assert_not_null(all, "%s: %s", rows[i].name, said());
        format_check_run(all, &got);
        const char *what = said();
        cr_expect_eq(got.n_patterns, rows[i].patterns, "%s", rows[i].name);
        cr_expect_eq(got.n_samples, rows[i].samples, "%s", rows[i].name);
        cr_expect_eq(got.n_faults, rows[i].faults, "%s: %zu faults: %s",
            rows[i].name, got.n_faults, what);
        cr_expect_not_null(
            strstr(what, rows[i].what), "%s: %s", rows[i].name, what);
        size_t said_lines = 0;
        for (const char *p = what; *p != '\0'; p++) {
            said_lines += *p == '\n';
        }
        cr_expect_eq(said_lines, rows[i].faults, "%s: %s", rows[i].name, what);
        formats_free(all);
    }
}

Test(format_check, built_in)
{
    struct format_check_result got;
    struct formats *all = formats_load(NULL);
    cr_assert_not_null(all, "%s", said());
    format_check_run(all, &got);
    cr_expect_eq(got.n_faults, 0, "%s", said());
    cr_expect_geq(got.n_samples, got.n_patterns);
    cr_expect_gt(got.n_patterns, 20);
    formats_free(all);
}
