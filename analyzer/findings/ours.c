/* SPDX-License-Identifier: MIT */
/*
 * A site names a handful of servers and some domains, and they are asked for
 * only where something was found: lists are gone through from the front.
 */
#include "findings/ours.h"

#include "base/diag.h"
#include "findings/query.h"

#include <string.h>

bool ours_has_domain(
    const struct findings_settings *settings, const char *domain)
{
    for (size_t i = 0; i < settings->n_own_domains; i++) {
        if (strcmp(settings->own_domains[i], domain) == 0) {
            return true;
        }
    }
    return false;
}

const char *ours_role(
    const struct findings_settings *settings, const char *host)
{
    for (size_t i = 0; i < settings->n_roles; i++) {
        if (strcmp(settings->roles[i].host, host) == 0) {
            return settings->roles[i].role;
        }
    }
    return "";
}

static void own_address(
    sqlite3_context *context, int n, sqlite3_value **arguments)
{
    (void)n;
    const struct findings_settings *settings = sqlite3_user_data(context);
    const char *address = (const char *)sqlite3_value_text(arguments[0]);
    bool own = address != NULL &&
               (settings->is_own_address == NULL ||
                   settings->is_own_address(settings->networks, address));
    sqlite3_result_text(context, own ? address : "", -1, SQLITE_TRANSIENT);
}

bool ours_register(sqlite3 *db, const struct findings_settings *settings)
{
    int status = sqlite3_create_function(db, "own_address", 1,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC, (void *)settings,
        settings != NULL ? own_address : NULL, NULL, NULL);
    if (status != SQLITE_OK) {
        diag_error("cannot ask the database: %s", sqlite3_errstr(status));
    }
    return status == SQLITE_OK;
}
