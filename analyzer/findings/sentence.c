/* SPDX-License-Identifier: MIT */
/*
 * All sentences stand in one place, so that they read as if one person wrote
 * them.  They are plain English for somebody who has never seen the program.
 */
#include "findings/sentence.h"

#include "findings/ours.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

const char *sentence_host(struct search *s, const char *host)
{
    const char *role = ours_role(s->settings, host);
    return role[0] != '\0' ? search_text(s, "%s (%s)", host, role) : host;
}

const char *sentence_scope(struct search *s, const struct finding *f)
{
    bool inbound = strcmp(f->direction, "inbound") == 0;
    switch (f->scope) {
    case SCOPE_PROVIDER:
        return search_text(
            s, inbound ? "Incoming mail from %s" : "Mail to %s", f->name);
    case SCOPE_RECIPIENT_DOMAIN:
        return search_text(
            s, inbound ? "Incoming mail for %s" : "Mail to %s", f->name);
    case SCOPE_SENDER_DOMAIN:
        return search_text(
            s, inbound ? "Incoming mail from %s" : "Mail from %s", f->name);
    case SCOPE_HOST:
        return search_text(s,
            inbound ? "Incoming mail at %s" : "Mail sent by %s",
            sentence_host(s, f->name));
    case SCOPE_DNSBL:
        return search_text(s,
            inbound ? "Incoming mail checked with %s"
                    : "Outgoing mail checked with %s",
            f->name);
    default:
        return inbound ? "Incoming mail" : "Outgoing mail";
    }
}

const char *sentence_cause(
    struct search *s, const char *cause, const char *detail)
{
    const char *title =
        lexicon_ask(s->lexicon, s->lexicon->cause_title, cause, detail);
    const char *colon = strstr(title, ": ");
    if (title[0] == '\0') {
        return search_text(s, "%s.%s", cause, detail);
    }
    return search_keep(s, colon != NULL ? colon + 2 : title);
}

const char *sentence_count(struct search *s, double n)
{
    char digits[32];
    char text[48];
    size_t len = 0;
    if (n > 0 && n < 9.95 && fabs(n - round(n)) > 0.05) {
        return search_text(s, "%.1f", n);
    }
    int most = snprintf(digits, sizeof digits, "%lld", llround(n));
    for (int i = 0; i < most; i++) {
        if (i > 0 && (most - i) % 3 == 0) {
            text[len++] = ',';
        }
        text[len++] = digits[i];
    }
    return search_text(s, "%.*s", (int)len, text);
}

const char *sentence_shift(struct search *s, const struct finding *f)
{
    bool inbound = strcmp(f->direction, "inbound") == 0;
    const char *verb = f->until == 0 ? inbound ? "is refused" : "fails"
                       : inbound     ? "was refused"
                                     : "failed";
    if (f->scope == SCOPE_DNSBL) {
        verb = f->until == 0 ? "is refused" : "was refused";
    }
    return search_text(s,
        "%s %s more often than usual: %s (%s attempts, %s expected)",
        sentence_scope(s, f), verb, sentence_cause(s, f->cause, f->detail),
        sentence_count(s, f->observed), sentence_count(s, f->expected));
}

const char *sentence_earlier(struct search *s, int64_t since, int64_t until,
    double observed, double expected)
{
    return search_text(s, "Also from %s to %s UTC: %s attempts, %s expected",
        sentence_time(s, since), sentence_time(s, until),
        sentence_count(s, observed), sentence_count(s, expected));
}

const char *sentence_time(struct search *s, int64_t time)
{
    time_t seconds = (time_t)time;
    struct tm tm;
    char text[32];
    if (gmtime_r(&seconds, &tm) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm) == 0) {
        return "";
    }
    return search_text(s, "%s", text);
}
