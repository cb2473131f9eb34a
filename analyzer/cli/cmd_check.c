/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "store/integrity.h"

static enum status check(struct store *store)
{
    int64_t n_problems = 0;
    if (!integrity_check(store, stdout, &n_problems)) {
        return STATUS_IO;
    }
    if (n_problems > 0) {
        diag_error("%s: %" PRId64 " problems", store_path(store), n_problems);
        return STATUS_IO;
    }
    diag_warn("%s: no problem found", store_path(store));
    return STATUS_DONE;
}

enum status cmd_check_run(const struct settings *settings)
{
    struct store *store = store_open(settings->database, STORE_READ);
    if (store == NULL) {
        return STATUS_IO;
    }
    enum status status = check(store);
    return store_close(store) ? status : STATUS_IO;
}
