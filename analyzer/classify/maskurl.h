/* SPDX-License-Identifier: MIT */
/* classify/maskurl.h - URLs in a reply. */
#ifndef CLASSIFY_MASKURL_H
#define CLASSIFY_MASKURL_H

#include "classify/maskout.h"
#include "classify/template_names.h"

/**
 * maskurl_add(o, names, s):
 * Write the URL at the start of ${s} ("https://…" or "www.…") to ${o}, without
 * its query and without what follows the first variable part.  Return how
 * many bytes of ${s} it takes; punctuation after it is left to the caller.
 */
size_t maskurl_add(
    struct maskout *o, const struct template_names *names, struct span s);

#endif
