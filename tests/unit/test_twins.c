/* SPDX-License-Identifier: MIT */
/* parse/twins: what one process writes twice. */
#include "parse/twins.h"

#include <criterion/criterion.h>

Test(twins, again)
{
    static const struct {
        const char *name;
        const char *pid;
        const char *text;
        bool again;
    } rows[] = {
        {"first", "1", "rejected RCPT <a>", false},
        {"another process", "2", "rejected RCPT <a>", false},
        {"twin", "1", "rejected RCPT <a>", true},
        {"third", "1", "rejected RCPT <a>", false},
        {"fourth", "1", "rejected RCPT <a>", true},
        {"twin of the other process", "2", "rejected RCPT <a>", true},
        {"with headers: first", "1", "rejected after DATA: x", false},
        {"with headers: twin", "1", "rejected after DATA: x\nP Received: y",
            true},
        {"another message", "1", "rejected RCPT <b>", false},
        {"one between", "1", "rejected RCPT <a>", false},
        {"not at once", "1", "rejected RCPT <b>", false},
        {"no pid", "", "rejected RCPT <a>", false},
        {"no pid again", "", "rejected RCPT <a>", false},
    };
    struct twins *t = twins_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct syslog_line line = {.host = SPAN_LITERAL("mx"),
            .tag = SPAN_LITERAL("exim"),
            .pid = span_of(rows[i].pid)};
        cr_assert_eq(twins_again(t, &line, span_of(rows[i].text)),
            rows[i].again, "%s", rows[i].name);
    }
    struct syslog_line line = {.pid = SPAN_LITERAL("9")};
    twins_again(t, &line, SPAN_LITERAL("x"));
    twins_reset(t);
    cr_assert_not(twins_again(t, &line, SPAN_LITERAL("x")));
    twins_free(t);
    twins_free(NULL);
}
