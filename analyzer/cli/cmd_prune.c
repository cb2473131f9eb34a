/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <time.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/settling.h"
#include "store/prune.h"
#include "store/resolve.h"

enum { HOUR = 3600, DAY = 86400 };

static bool prune(const struct settings *settings, struct store *store)
{
    struct prune_counts counts = {0};
    struct prune_limits limits = {.now = (int64_t)time(NULL),
        .keep_hours = settings->keep_hours / HOUR,
        .keep_days = settings->keep / DAY};
    if (!prune_run(store, &limits, &counts)) {
        return false;
    }
    diag_warn("%s: %" PRId64 " rows of hours became fewer, %" PRId64
              " rows beyond retention dropped",
        settings->database, counts.rolled, counts.dropped);
    return resolve_run(store);
}

enum status cmd_prune_run(const struct settings *settings)
{
    struct store *store = store_open(settings->database, STORE_UPDATE);
    if (store == NULL) {
        return STATUS_IO;
    }
    enum status status = settling_run(settings, store);
    if (status == STATUS_DONE && !prune(settings, store)) {
        status = STATUS_IO;
    }
    return store_close(store) ? status : STATUS_IO;
}
