/* SPDX-License-Identifier: MIT */
/* cli/explanation.h - what the packs know, as text for people. */
#ifndef CLI_EXPLANATION_H
#define CLI_EXPLANATION_H

#include <stdio.h>

#include "classify/knowledge.h"

/** explanation_print(out, k, word):
 * Explain ${word} to ${out}: a reply code, an enhanced status code, a cause,
 * cause.detail or detail, a DNSBL zone or a name below one, a provider or a
 * host or domain of one.  Return false, having printed nothing, if ${k} knows
 * no such thing. */
bool explanation_print(FILE *out, const struct knowledge *k, const char *word);

/** explanation_nearest(k, word): The cause or detail that ${word} probably
 * means, or NULL. */
const char *explanation_nearest(const struct knowledge *k, const char *word);

#endif
