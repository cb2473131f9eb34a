/* SPDX-License-Identifier: MIT */
/* cli/completion.h - the bash completion script, from the tables. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include <stdio.h>

/** completion_print(out): Print the script for
 * /usr/share/bash-completion/completions/smtpscope to ${out}. */
void completion_print(FILE *out);

#endif
