/* SPDX-License-Identifier: MIT */
/* base/diag: one line each, and nothing in it that steers a terminal. */
#include "base/diag.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What was said since the last call. */
static const char *said(void)
{
    static char text[16384];
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

TestSuite(diag, .init = set_up);

Test(diag, levels)
{
    static const struct {
        enum diag_level level;
        const char *want;
    } rows[] = {
        {DIAG_QUIET, "smtpscope: e\n"},
        {DIAG_NORMAL, "smtpscope: e\nsmtpscope: w\n"},
        {DIAG_VERBOSE, "smtpscope: e\nsmtpscope: w\nsmtpscope: i\n"},
    };
    cr_expect_eq(diag_level(), DIAG_NORMAL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        diag_set_level(rows[i].level);
        diag_error("%s", "e");
        diag_warn("%s", "w");
        diag_info("%s", "i");
        cr_expect_str_eq(said(), rows[i].want, "level %d", rows[i].level);
        cr_expect_eq(diag_level(), rows[i].level);
    }
}

Test(diag, control_bytes)
{
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"a\nb", "smtpscope: a\\x0ab\n"},
        {"\x1b[31mred", "smtpscope: \\x1b[31mred\n"},
        {"tab\tdel\x7f", "smtpscope: tab\\x09del\\x7f\n"},
        {"gr\xc3\xbc\xc3\x9f", "smtpscope: gr\xc3\xbc\xc3\x9f\n"},
        {"", "smtpscope: \n"},
        {"100%s", "smtpscope: 100%s\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        diag_error("%s", rows[i].text);
        cr_expect_str_eq(said(), rows[i].want, "row %zu", i);
    }
}

/* However long the text, a message is one line and its memory bounded. */
Test(diag, endless)
{
    static char text[10000];
    memset(text, '\x1b', sizeof(text) - 1);
    diag_error("%s", text);
    const char *got = said();
    size_t len = strlen(got);
    cr_assert_gt(len, 1000);
    cr_expect_lt(len, sizeof(text));
    cr_expect_eq(strchr(got, '\n'), got + len - 1);
}
