/* SPDX-License-Identifier: MIT */
/* mail/reply.h - SMTP replies: code, enhanced status code and text, apart. */
#ifndef MAIL_REPLY_H
#define MAIL_REPLY_H

#include "base/span.h"

/* An enhanced status code (RFC 3463): class.subject.detail; class 0: none. */
struct status_code {
    uint8_t class;
    uint16_t subject;
    uint16_t detail;
};

enum { STATUS_TEXT_LEN = 16 };

/** status_parse(s, status): Read an enhanced status code that begins ${s} and
 * is followed by its end or a byte that is neither digit, dot nor letter.
 * Return the bytes it takes, 0 if there is none. */
size_t status_parse(struct span s, struct status_code *status);

/** status_format(status, out): Write "5.1.1", or "" for none, to ${out}
 * (STATUS_TEXT_LEN bytes); return its length. */
size_t status_format(struct status_code status, char *out);

/** status_is_known(status): True unless ${status} is none. */
static inline bool status_is_known(struct status_code status)
{
    return status.class != 0;
}

/** status_equal(a, b): True if ${a} and ${b} are the same code, or both none.
 */
static inline bool status_equal(struct status_code a, struct status_code b)
{
    return a.class == b.class && a.subject == b.subject && a.detail == b.detail;
}

/*
 * What one side answered.  A failure without a reply (no connection, no
 * address) has code 0, and its text is the MTA's own diagnostic.
 */
struct smtp_reply {
    int code;                  /* RFC 5321, 4.2: 211 to 599; 0: none */
    struct status_code status; /* the remote's own, RFC 3463; class 0: none */
    struct span text;          /* without codes, one line */
    struct span raw;           /* as logged */
};

/**
 * smtp_reply_parse(raw, scratch, scratch_len, reply):
 * Split ${raw} into ${reply}.  A multi-line reply, whose lines logs join by
 * a blank, a newline or a literal \n and which keep their code prefixes
 * ("550-5.1.1 a 550 5.1.1 b"), becomes one line in ${scratch}; otherwise
 * reply->text borrows from ${raw}.  Text that begins with no reply code is
 * taken whole, with code 0.  RFC 5321 4.2.1; RFC 2034 4.
 */
void smtp_reply_parse(struct span raw, char *scratch, size_t scratch_len,
    struct smtp_reply *reply);

#endif
