/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/explanation.h"
#include "cli/session.h"

static bool explain(const struct knowledge *k, const char *word)
{
    if (explanation_print(stdout, k, word)) {
        return true;
    }
    const char *nearest = explanation_nearest(k, word);
    if (nearest != NULL) {
        diag_error(
            "nothing is known of \"%s\"; did you mean \"%s\"?", word, nearest);
    } else {
        diag_error("nothing is known of \"%s\"", word);
    }
    return false;
}

enum status cmd_explain_run(const struct settings *settings)
{
    struct session session;
    enum status status = session_open(&session, settings, SESSION_KNOWLEDGE);
    bool loaded = status == STATUS_DONE;
    for (size_t i = 0; loaded && i < settings->n_operands; i++) {
        if (i > 0) {
            putchar('\n');
        }
        if (!explain(session.knowledge, settings->operands[i])) {
            status = STATUS_USAGE;
        }
    }
    session_close(&session);
    return status;
}
