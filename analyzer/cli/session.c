/* SPDX-License-Identifier: MIT */
/*
 * Every pack is loaded before any work begins, so that a wrong one is refused
 * while nothing has been read or written.
 */
#include "cli/session.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/diag.h"

static const char usual_place[] = "/etc/smtpscope/patterns.d";

/* Store in ${dir} where the site's packs lie, NULL: nowhere. */
static bool find_site(const struct settings *settings, const char **dir)
{
    struct stat status;
    const char *wanted = settings->patterns;
    *dir = wanted != NULL ? wanted : usual_place;
    errno = 0;
    if (stat(*dir, &status) == 0 && S_ISDIR(status.st_mode)) {
        return true;
    }
    if (wanted != NULL) {
        diag_error("%s: %s", wanted, strerror(errno != 0 ? errno : ENOTDIR));
        return false;
    }
    *dir = NULL;
    return true;
}

enum status session_open(
    struct session *s, const struct settings *settings, unsigned parts)
{
    const char *site = NULL;
    *s = (struct session){0};
    if (!find_site(settings, &site)) {
        return STATUS_CONFIG;
    }
    s->knowledge = knowledge_load(site);
    if (s->knowledge == NULL) {
        return STATUS_CONFIG;
    }
    if ((parts & SESSION_RULES) != 0) {
        s->rules = rules_load(s->knowledge, site);
        if (s->rules == NULL) {
            return STATUS_CONFIG;
        }
    }
    if ((parts & SESSION_FORMATS) == 0) {
        return STATUS_DONE;
    }
    s->formats = formats_load(site);
    if (s->formats == NULL) {
        return STATUS_CONFIG;
    }
    s->zones = zones_open(settings->zone, site);
    return s->zones != NULL ? STATUS_DONE : STATUS_USAGE;
}

void session_close(struct session *s)
{
    zones_free(s->zones);
    formats_free(s->formats);
    rules_free(s->rules);
    knowledge_free(s->knowledge);
    *s = (struct session){0};
}
