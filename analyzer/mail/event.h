/* SPDX-License-Identifier: MIT */
/* mail/event.h - what one log line says happened to a message. */
#ifndef MAIL_EVENT_H
#define MAIL_EVENT_H

#include "mail/reply.h"

/*
 * One list each, many uses: the enums, their names in packs, in the events
 * columns and in the store all come from here.
 */

/* Who was the client.  Never mixed in one number. */
#define DIRECTION_LIST(X)                                                      \
    X(UNKNOWN, "") X(OUTBOUND, "outbound") X(INBOUND, "inbound")

/* What became of the attempt. */
#define DISPOSITION_LIST(X)                                                    \
    X(UNKNOWN, "")                                                             \
    X(DELIVERED, "delivered")                                                  \
    X(DEFERRED, "deferred")                                                    \
    X(BOUNCED, "bounced")                                                      \
    X(EXPIRED, "expired")                                                      \
    X(REJECTED, "rejected")                                                    \
    X(ACCEPTED, "accepted")                                                    \
    X(DISCARDED, "discarded")                                                  \
    X(HELD, "held")

/* The SMTP command that was answered (RFC 5321, 4.1.1). */
#define STAGE_LIST(X)                                                          \
    X(UNKNOWN, "")                                                             \
    X(CONNECT, "connect")                                                      \
    X(BANNER, "banner")                                                        \
    X(HELO, "helo")                                                            \
    X(STARTTLS, "starttls")                                                    \
    X(AUTH, "auth")                                                            \
    X(MAIL, "mail")                                                            \
    X(RCPT, "rcpt")                                                            \
    X(DATA, "data")                                                            \
    X(EOM, "eom")                                                              \
    X(QUIT, "quit")

/*
 * What kind of fact the line is.
 *  outcome    an attempt that counts: delivered, deferred, bounced, rejected …
 *  attempt    a try at a host that was not the last choice; the recipient's
 *             own line follows, so it counts as an attempt only
 *  suspended  one earlier failure repeated for another queued message
 *  hop        handed to a local content filter; comes back as new mail
 *  probe      an address probe; no mail
 *  arrival    a queue ID begins (its sender may not be known yet)
 *  sender     a queue ID has this envelope sender
 *  release    a queue ID ends
 * The last three say nothing to a reader; they serve the correlator.
 */
#define EVENT_KIND_LIST(X)                                                     \
    X(UNKNOWN, "")                                                             \
    X(OUTCOME, "outcome")                                                      \
    X(ATTEMPT, "attempt")                                                      \
    X(SUSPENDED, "suspended")                                                  \
    X(HOP, "hop")                                                              \
    X(PROBE, "probe")                                                          \
    X(ARRIVAL, "arrival")                                                      \
    X(SENDER, "sender")                                                        \
    X(RELEASE, "release")

#define DIRECTION_ENUM(name, text) DIRECTION_##name,
#define DISPOSITION_ENUM(name, text) DISPOSITION_##name,
#define STAGE_ENUM(name, text) STAGE_##name,
#define EVENT_KIND_ENUM(name, text) EVENT_##name,

enum direction { DIRECTION_LIST(DIRECTION_ENUM) DIRECTION_COUNT };
enum disposition { DISPOSITION_LIST(DISPOSITION_ENUM) DISPOSITION_COUNT };
enum stage { STAGE_LIST(STAGE_ENUM) STAGE_COUNT };
enum event_kind { EVENT_KIND_LIST(EVENT_KIND_ENUM) EVENT_KIND_COUNT };

/** direction_name(d), …: The name in packs, columns and store; "" is unknown.
 */
const char *direction_name(enum direction d);
const char *disposition_name(enum disposition d);
const char *stage_name(enum stage s);
const char *event_kind_name(enum event_kind k);

/** direction_parse(s, d), …: The reverse; false if ${s} is no such name. */
bool direction_parse(struct span s, enum direction *d);
bool disposition_parse(struct span s, enum disposition *d);
bool stage_parse(struct span s, enum stage *stage);
bool event_kind_parse(struct span s, enum event_kind *k);

/** event_word(s): The name among all of these that equals ${s}, which the
 * functions above find soonest; ${s} itself if there is none. */
struct span event_word(struct span s);

/*
 * An event borrows every span from its line, from the parser's scratch
 * memory or from its pack, until the parser is given the next line; whoever
 * keeps text longer copies or interns it.
 */
struct event {
    enum event_kind kind;
    int64_t time;         /* microseconds since 1970, UTC */
    struct span host;     /* the server that wrote the line */
    struct span mta;      /* the pack's name, "postfix" */
    struct span program;  /* the part of the MTA that wrote it, "smtpd" */
    struct span queue_id; /* none or "NOQUEUE" is SPAN_NONE */
    enum direction direction;
    enum disposition disposition;
    enum stage stage;
    struct span sender;    /* envelope sender without <>; empty: null sender */
    struct span recipient; /* envelope recipient without <> */
    struct span peer;      /* host name of the other side */
    struct span peer_ip;   /* its address */
    struct smtp_reply reply;
    struct status_code logged_status; /* the MTA's word, not the remote's */
    int64_t delay;      /* milliseconds since arrival; -1: unknown */
    int64_t repeat;     /* how many times it happened, >= 1 */
    struct span line;   /* the message part of the line */
    uint64_t line_hash; /* tally_line_hash(): whoever counts it sets it */
};

/** event_is_failure(e): True if mail did not go through in this attempt. */
static inline bool event_is_failure(const struct event *e)
{
    return e->disposition == DISPOSITION_DEFERRED ||
           e->disposition == DISPOSITION_BOUNCED ||
           e->disposition == DISPOSITION_EXPIRED ||
           e->disposition == DISPOSITION_REJECTED;
}

/** event_status(e): The remote's own status where it gave one, else the
 * MTA's. */
static inline struct status_code event_status(const struct event *e)
{
    return status_is_known(e->reply.status) ? e->reply.status
                                            : e->logged_status;
}

#endif
