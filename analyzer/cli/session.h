/* SPDX-License-Identifier: MIT */
/* cli/session.h - the packs that a command works with. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "classify/rules.h"
#include "cli/options.h"
#include "cli/status.h"
#include "parse/formats.h"
#include "parse/zones.h"

enum session_parts {
    SESSION_KNOWLEDGE = 0, /* what codes and causes mean; always loaded */
    SESSION_RULES = 1,
    SESSION_FORMATS = 2 /* and the zone of --tz */
};

/* Owns what it points to; what was not asked for is NULL. */
struct session {
    struct knowledge *knowledge;
    struct rules *rules;
    struct formats *formats;
    struct zones *zones;
};

/**
 * session_open(s, settings, parts):
 * Load ${parts} (enum session_parts, added up) into ${s}: what is built in,
 * and what lies in the directory of --patterns, else in
 * /etc/smtpscope/patterns.d.  Return STATUS_DONE, or another status, having
 * reported why; in both cases session_close() ends ${s}.
 */
enum status session_open(
    struct session *s, const struct settings *settings, unsigned parts);

/** session_close(s): Give back all that ${s} holds. */
void session_close(struct session *s);

#endif
