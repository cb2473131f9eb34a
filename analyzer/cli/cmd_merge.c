/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/settling.h"
#include "store/merge.h"

/* Of the ways to name the database itself, none may be merged into it. */
static bool is_itself(const char *database, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(database, &a) == 0 && stat(other, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool merge(struct store *store, const char *path)
{
    struct merge_counts counts = {0};
    if (!merge_from(store, path, &counts)) {
        return false;
    }
    diag_warn("%s: %" PRId64 " sources added, %" PRId64 " replaced, %" PRId64
              " already there",
        path, counts.added, counts.replaced, counts.skipped);
    return true;
}

enum status cmd_merge_run(const struct settings *settings)
{
    for (size_t i = 0; i < settings->n_operands; i++) {
        if (is_itself(settings->database, settings->operands[i])) {
            diag_error(
                "%s: is the database to merge into", settings->operands[i]);
            return STATUS_USAGE;
        }
    }
    struct store *store = store_open(settings->database, STORE_WRITE);
    if (store == NULL) {
        return STATUS_IO;
    }
    bool merged = true;
    for (size_t i = 0; merged && i < settings->n_operands; i++) {
        merged = merge(store, settings->operands[i]);
    }
    /* Also after a failure: what came before it is there to stay. */
    enum status status = settling_run(settings, store);
    return store_close(store) && merged ? status : STATUS_IO;
}
