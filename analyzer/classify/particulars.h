/* SPDX-License-Identifier: MIT */
/* classify/particulars.h - what a reply says besides its cause. */
#ifndef CLASSIFY_PARTICULARS_H
#define CLASSIFY_PARTICULARS_H

#include "base/limits.h"
#include "classify/rules.h"

/* The names are those of the groups in the packs' expressions. */
#define PARTICULAR_LIST(X)                                                     \
    X(LIMIT, "limit")             /* what was exceeded: "100", "10485760" */   \
    X(QUOTA, "quota")             /* what the mailbox may hold */              \
    X(RETRY_AFTER, "retry_after") /* seconds to wait */                        \
    X(URL, "url")                 /* page that explains or helps */            \
    X(TICKET, "ticket")           /* the other side's own error code */

#define PARTICULAR_ENUM(name, text) PARTICULAR_##name,
enum particular { PARTICULAR_LIST(PARTICULAR_ENUM) PARTICULAR_COUNT };

/** particulars_name(p): "limit", …; static. */
const char *particulars_name(enum particular p);

/* One reply's; ->values borrow from the rest and from the reply's text. */
struct particulars {
    struct span values[PARTICULAR_COUNT]; /* SPAN_NONE: not said */
    char seconds[24];
    char reply[LIMIT_REPLY_LEN + 32];
};

/**
 * particulars_read(r, rule, reply, w, p):
 * Find in ${reply} what the `extract` of rule ${rule} (rules_count(): no rule)
 * and the `fields` of its file and of files without rules have groups for, in
 * this order; the first to find one has it.
 */
void particulars_read(const struct rules *r, size_t rule,
    const struct smtp_reply *reply, struct regex_workspace *w,
    struct particulars *p);

/** particulars_is_group(name): True if a group of this name means something:
 * one of the list, "dnsbl", "address", "unit". */
bool particulars_is_group(const char *name);

#endif
