/* SPDX-License-Identifier: MIT */
/* classify/maskname.h - host and domain names in a token. */
#ifndef CLASSIFY_MASKNAME_H
#define CLASSIFY_MASKNAME_H

#include "classify/maskout.h"
#include "classify/template_names.h"

/**
 * maskname_is_host(piece):
 * True if ${piece} is a name of two or more labels under a top-level domain
 * of letters.  "blocked.Please" is none: a blank is missing there.
 */
bool maskname_is_host(struct span piece);

/** maskname_is_own(names, name): True if ${name} is the event's own. */
bool maskname_is_own(const struct template_names *names, struct span name);

/**
 * maskname_add(o, names, host, named):
 * Write the host name ${host} to ${o}: masked, or what has to be kept of it.
 * ${named}: it follows "using" or "by", so it may be a list.
 */
void maskname_add(struct maskout *o, const struct template_names *names,
    struct span host, bool named);

#endif
