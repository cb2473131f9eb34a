/* SPDX-License-Identifier: MIT */
/* cli/commands.h - the commands, and what each takes. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"
#include "cli/status.h"

/* Every command lives in cli/cmd_<command>.c. */
#define COMMAND_LIST(X)                                                        \
    X(ingest)                                                                  \
    X(report)                                                                  \
    X(findings)                                                                \
    X(events)                                                                  \
    X(classify)                                                                \
    X(explain)                                                                 \
    X(patterns)                                                                \
    X(reclassify)                                                              \
    X(merge)                                                                   \
    X(prune)                                                                   \
    X(check)                                                                   \
    X(dump)

#define COMMAND_RUN(name) enum status cmd_##name##_run(const struct settings *);
/** cmd_<command>_run(settings): Do the command; returns the exit status. */
COMMAND_LIST(COMMAND_RUN)

enum { COMMAND_MAX_OPTIONS = 24 };

struct command {
    const char *name;
    const char *operands; /* as in the usage line; "" if it takes none */
    const char *summary;  /* what it does, in half a line */
    const char *about;    /* a paragraph for --help */
    size_t min_operands;
    size_t max_operands;
    enum option_id options[COMMAND_MAX_OPTIONS]; /* OPTION_UNKNOWN ends */
    const char *words; /* operands that completion offers, by "|", or NULL */
    enum status (*run)(const struct settings *settings);
};

/** commands_at(i): Command number ${i}, or NULL past the last. */
const struct command *commands_at(size_t i);

/** commands_find(name): The command ${name}, or NULL. */
const struct command *commands_find(const char *name);

/** commands_nearest(name): The command somebody who typed ${name} probably
 * meant, or NULL. */
const char *commands_nearest(const char *name);

#endif
