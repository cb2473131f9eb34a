/* SPDX-License-Identifier: MIT */
/* classify/template_names.h - the names that a template is made with. */
#ifndef CLASSIFY_TEMPLATE_NAMES_H
#define CLASSIFY_TEMPLATE_NAMES_H

#include "classify/suffixes.h"
#include "mail/ownwords.h"

enum { TEMPLATE_OWN_NAMES = 6 };

/* The names a template treats in a way of their own. */
struct template_names {
    /* Zones of DNSBLs and suffixes of providers: kept, because they decide. */
    const struct suffixes *kept;
    /* The event's own hosts and domains: masked, even if they are kept
     * elsewhere.  Names without a dot are taken for words. */
    struct span own[TEMPLATE_OWN_NAMES];
    size_t n_own;
    /* Local parts of the event's own addresses: masked as addresses are. */
    struct own_words words;
};

#endif
