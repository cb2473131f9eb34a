/* SPDX-License-Identifier: MIT */
#include "cli/settling.h"

#include "cli/site.h"
#include "pipeline/sessions.h"
#include "store/resolve.h"

static bool join(const struct settings *settings, const struct session *session,
    struct store *store)
{
    struct pipeline_context context = {.formats = session->formats,
        .rules = session->rules,
        .knowledge = session->knowledge,
        .own = site_networks(settings->site),
        .zones = session->zones};
    return sessions_join(&context, NULL, store);
}

/* Most databases hold no line that waits for another source. */
enum status settling_run(const struct settings *settings, struct store *store)
{
    struct session session;
    int64_t unjoined = 0;
    if (!sessions_behind(store, &unjoined)) {
        return STATUS_IO;
    }
    if (unjoined > 0) {
        enum status status =
            session_open(&session, settings, SESSION_RULES | SESSION_FORMATS);
        if (status == STATUS_DONE && !join(settings, &session, store)) {
            status = STATUS_IO;
        }
        session_close(&session);
        if (status != STATUS_DONE) {
            return status;
        }
    }
    return resolve_run(store) ? STATUS_DONE : STATUS_IO;
}
