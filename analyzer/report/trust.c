/* SPDX-License-Identifier: MIT */
/*
 * Numbers are worth what the logs are worth: what could not be read or not be
 * understood is said beside them.
 */
#include "report/trust.h"

#include "report/format.h"

/* Sentences in the making. */
struct pen {
    const struct gather *g;
    struct buffer *text;
};

static void finish(struct pen *pen)
{
    buffer_add_char(pen->text, '\n');
}

static void say(struct pen *pen, const char *text)
{
    buffer_add_string(pen->text, text);
}

/* "1 log", "12,345 logs". */
static void say_count(
    struct pen *pen, int64_t n, const char *one, const char *many)
{
    format_count(pen->text, n);
    buffer_addf(pen->text, " %s", n == 1 ? one : many);
}

static void tell_not_understood(struct pen *pen)
{
    static const char *const directions[] = {"outbound", "inbound"};
    struct gather_logs logs = gather_logs(pen->g);
    for (int i = 0; i < 2; i++) {
        int64_t n = gather_cause_attempts(pen->g, directions[i], "unknown");
        if (n > 0) {
            say(pen, "For ");
            format_count(pen->text, n);
            buffer_addf(pen->text, " failed %s %s no cause could be named.",
                directions[i], n == 1 ? "attempt" : "attempts");
            finish(pen);
        }
    }
    if (logs.unknown > 0) {
        format_count(pen->text, logs.unknown);
        say(pen, " of ");
        say_count(pen, logs.known + logs.unknown, "line", "lines");
        say(pen, " of the mail server (");
        format_share(pen->text,
            (double)logs.unknown / (double)(logs.known + logs.unknown));
        say(pen, ") are of no known form.");
        finish(pen);
    }
}

static void tell_logs(struct pen *pen)
{
    struct gather_logs logs = gather_logs(pen->g);
    if (logs.damaged > 0) {
        format_count(pen->text, logs.damaged);
        say(pen, " of ");
        say_count(pen, logs.sources, "log", "logs");
        say(pen, " could be read only in part; what lies behind the damage is "
                 "not counted.");
        finish(pen);
    }
    if (logs.overflow > 0) {
        say_count(pen, logs.overflow, "fact", "facts");
        say(pen, " beyond a limit were counted under (other).");
        finish(pen);
    }
    if (logs.hours_suspected > 0) {
        say_count(pen, logs.hours_suspected, "hour of a log overlaps",
            "hours of logs overlap");
        say(pen, " with another log without being equal, and may be counted "
                 "twice.");
        finish(pen);
    }
}

void trust_tell(struct buffer *out, const struct gather *g)
{
    struct pen pen = {g, out};
    if (!gather_totals(g, "outbound").is_there &&
        !gather_totals(g, "inbound").is_there) {
        say(&pen, "No mail was found in the period.");
        finish(&pen);
    }
    tell_logs(&pen);
    tell_not_understood(&pen);
}
