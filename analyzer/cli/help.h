/* SPDX-License-Identifier: MIT */
/* cli/help.h - usage lines and --help, from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/commands.h"

/** help_usage(out, command): Print the usage line of ${command}, or of the
 * program if NULL, to ${out}. */
void help_usage(FILE *out, const struct command *command);

/** help_command(out, command): Print the help of ${command}. */
void help_command(FILE *out, const struct command *command);

/** help_program(out): Print the help of the program. */
void help_program(FILE *out);

#endif
