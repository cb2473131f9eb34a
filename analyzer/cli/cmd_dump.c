/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "store/dump.h"

enum status cmd_dump_run(const struct settings *settings)
{
    struct store *store = store_open(settings->database, STORE_READ);
    if (store == NULL) {
        return STATUS_IO;
    }
    bool written = dump_write(store, stdout);
    return store_close(store) && written ? STATUS_DONE : STATUS_IO;
}
