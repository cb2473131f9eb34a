/* SPDX-License-Identifier: MIT */
/* cli/manpage.h - man pages, from the tables and docs/man/. */
#ifndef CLI_MANPAGE_H
#define CLI_MANPAGE_H

#include <stdio.h>

#include "cli/commands.h"

/**
 * manpage_print(out, command):
 * Print the man page smtpscope-COMMAND.1 of ${command}, or smtpscope.1 if
 * NULL, to ${out}, in roff with the man macros.  The parts that no table
 * holds are the embedded docs/man/COMMAND.roff (docs/man/smtpscope.roff).
 */
void manpage_print(FILE *out, const struct command *command);

/** manpage_print_configuration(out): The page of smtpscope.yaml(5). */
void manpage_print_configuration(FILE *out);

#endif
