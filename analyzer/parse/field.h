/* SPDX-License-Identifier: MIT */
/* parse/field.h - the fields that patterns may take out of a line. */
#ifndef PARSE_FIELD_H
#define PARSE_FIELD_H

#include "base/span.h"

/*
 * One list: the named groups, "keys", "columns", "set" and "want" of format
 * packs, and what parse/extractor.h turns into an event, all come from here.
 * Not all are part of an event: "text" and "relay" are taken apart further by
 * the pack's "parts" (what of a text no part claims is the reply), "pairs" is
 * scanned for key=value, "key" and "copy" name what is remembered between
 * lines, and "stamp", "host" and "program" are envelope that stands in a record
 * itself.
 */
#define FIELD_LIST(X)                                                          \
    X(kind)                                                                    \
    X(direction)                                                               \
    X(disposition)                                                             \
    X(stage)                                                                   \
    X(queue_id)                                                                \
    X(sender)                                                                  \
    X(recipient)                                                               \
    X(peer)                                                                    \
    X(peer_ip)                                                                 \
    X(reply)                                                                   \
    X(reply_code)                                                              \
    X(logged_status)                                                           \
    X(delay)                                                                   \
    X(relay)                                                                   \
    X(text)                                                                    \
    X(pairs)                                                                   \
    X(key)                                                                     \
    X(copy)                                                                    \
    X(stamp)                                                                   \
    X(host)                                                                    \
    X(program)

#define FIELD_ENUM(name) FIELD_##name,
enum field { FIELD_LIST(FIELD_ENUM) FIELD_COUNT };

/** field_parse(name, f): The field called ${name}; false if there is none. */
bool field_parse(struct span name, enum field *f);

/** field_name(f): Its name. */
const char *field_name(enum field f);

#endif
