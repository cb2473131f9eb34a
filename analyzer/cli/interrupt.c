/* SPDX-License-Identifier: MIT */
/*
 * A signal handler can reach nothing but a global; this flag is the one
 * exception to "no mutable globals" beside the log level.  Only ingest needs
 * it: every other command may simply be ended, since what it writes to a
 * database is one transaction.
 */
#include "cli/interrupt.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

static volatile sig_atomic_t flag;

static void note(int signal_number)
{
    flag = signal_number;
}

void interrupt_catch(void)
{
    struct sigaction action = {
        .sa_handler = note, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    struct sigaction old;
    int signals[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        /* nohup and shells' background jobs ignore SIGINT; so do we then. */
        if (sigaction(signals[i], NULL, &old) == 0 &&
            old.sa_handler != SIG_IGN) {
            sigaction(signals[i], &action, NULL);
        }
    }
}

const volatile sig_atomic_t *interrupt_flag(void)
{
    return &flag;
}

enum status interrupt_status(const char *after)
{
    bool by_terminal = flag == SIGINT;
    diag_error(
        "%s%s", by_terminal ? "interrupted" : "asked to terminate", after);
    return by_terminal ? STATUS_INTERRUPTED : STATUS_TERMINATED;
}
