/* SPDX-License-Identifier: MIT */
/*
 * Time words can be understood only when all of the command line is read: the
 * zone may stand behind them, or in the site's configuration.
 */
#include "cli/timespan.h"

#include <stdlib.h>
#include <time.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cli/moment.h"

enum { DAY = 86400 };

/* Who asks, and when. */
struct asker {
    const struct zone *zone;
    int64_t now;
};

static bool read_word(
    const struct asker *who, const char *option, const char *word, int64_t *t)
{
    if (word == NULL || moment_parse(word, who->now, who->zone, t)) {
        return true;
    }
    diag_error("--%s: \"%s\" is not a valid TIME (such as 2026-11-01, "
               "yesterday, monday, 7d, 24h)",
        option, word);
    return false;
}

static bool is_midnight(const struct asker *who, int64_t t)
{
    struct civil c;
    zone_local(who->zone, t, &c);
    return c.hour == 0 && c.minute == 0 && c.second == 0;
}

static bool resolve_previous(const struct asker *who, struct settings *s)
{
    if (s->since == INT64_MIN) {
        diag_error("--compare previous needs --since");
        return false;
    }
    int64_t length = s->until - s->since;
    s->compare_until = s->since;
    s->compare_since = s->since - length;
    if (is_midnight(who, s->since) && is_midnight(who, s->until)) {
        int days = (int)((length + DAY / 2) / DAY);
        s->compare_since = moment_add_days(who->zone, s->since, -days);
    }
    return true;
}

/* "FROM..UNTIL" */
static bool resolve_range(const struct asker *who, struct settings *s)
{
    const char *dots = strstr(s->compare_word, "..");
    if (dots == NULL) {
        diag_error("--compare: \"%s\" is neither previous nor FROM..UNTIL",
            s->compare_word);
        return false;
    }
    struct span from = {s->compare_word, (size_t)(dots - s->compare_word)};
    char *first = memory_copy(span_trim(from));
    char *last = memory_copy(span_trim(span_of(dots + 2)));
    bool ok = read_word(who, "compare", first, &s->compare_since) &&
              read_word(who, "compare", last, &s->compare_until);
    if (ok && s->compare_since >= s->compare_until) {
        diag_error("--compare: \"%s\" ends before it begins", s->compare_word);
        ok = false;
    }
    free(first);
    free(last);
    return ok;
}

static bool resolve(const struct asker *who, struct settings *s)
{
    if (!read_word(who, "since", s->since_word, &s->since) ||
        !read_word(who, "until", s->until_word, &s->until)) {
        return false;
    }
    if (s->compare_word != NULL && s->until == INT64_MAX) {
        s->until = who->now;
    }
    if (s->since >= s->until) {
        diag_error("--until must be later than --since");
        return false;
    }
    return s->compare_word == NULL                    ? true
           : strcmp(s->compare_word, "previous") == 0 ? resolve_previous(who, s)
                                                      : resolve_range(who, s);
}

bool timespan_resolve(struct settings *settings)
{
    if (settings->since_word == NULL && settings->until_word == NULL &&
        settings->compare_word == NULL) {
        return true;
    }
    struct zone *zone = zone_open(settings->zone);
    struct asker who = {zone, (int64_t)time(NULL)};
    bool ok = zone != NULL && resolve(&who, settings);
    zone_free(zone);
    return ok;
}
