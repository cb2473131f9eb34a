/* SPDX-License-Identifier: MIT */
/* aggregate/privacy.h - what is kept of mail addresses. */
#ifndef AGGREGATE_PRIVACY_H
#define AGGREGATE_PRIVACY_H

#include "mail/address.h"
#include "mail/event.h"

/*
 * Local parts are replaced by "***", or kept, or replaced by pseudonyms: the
 * same address gets the same one as long as the key is the same, and without
 * the key nobody can tell whose it is or try names out.  A pseudonym is the
 * first eight bytes, in hexadecimal, of HMAC-SHA256 (RFC 2104) of the
 * address, in lower case.  Domains may be replaced likewise, by names under
 * .invalid (RFC 2606).  Immutable; threads may share it.  NULL stands for the
 * first way.
 */
struct privacy;

enum {
    PRIVACY_LOCAL_LEN = 17,                        /* "u" and the digits */
    PRIVACY_DOMAIN_LEN = PRIVACY_LOCAL_LEN + 8,    /* and ".invalid" */
    PRIVACY_ADDRESS_LEN = 512 + PRIVACY_DOMAIN_LEN /* see privacy_event() */
};

/** privacy_keep(): Local parts are kept.  Ends with privacy_free(). */
struct privacy *privacy_keep(void);

/** privacy_tokens(): Tokens (mail/token.h) stand for local parts, for lines
 * that are still to be read.  It is nobody's to free. */
const struct privacy *privacy_tokens(void);

/** privacy_pseudonymise(key, domains): Pseudonyms by ${key}; ${domains}: for
 * domains too.  Ends with privacy_free(). */
struct privacy *privacy_pseudonymise(struct span key, bool domains);

/** privacy_keeps(p): True if local parts stay. */
bool privacy_keeps(const struct privacy *p);

/** privacy_hides_domains(p): True if domains are replaced. */
bool privacy_hides_domains(const struct privacy *p);

/**
 * privacy_local(p, local, domain, out):
 * Return what stands for the local part ${local} of an address at ${domain}:
 * a literal, or a text in ${out} (PRIVACY_LOCAL_LEN bytes).
 */
struct span privacy_local(
    const struct privacy *p, struct span local, struct span domain, char *out);

/** privacy_domain(p, domain, out): The same for ${domain}, in ${out}
 * (PRIVACY_DOMAIN_LEN bytes) or as it is. */
struct span privacy_domain(
    const struct privacy *p, struct span domain, char *out);

/* Where privacy_event() writes. */
struct privacy_scratch {
    char sender[PRIVACY_ADDRESS_LEN];
    char recipient[PRIVACY_ADDRESS_LEN];
};

/**
 * privacy_event(p, e, scratch):
 * Replace the domains of sender and recipient of ${e}, which then borrow from
 * ${scratch}; for ${p} that hides domains.
 */
void privacy_event(
    const struct privacy *p, struct event *e, struct privacy_scratch *scratch);

/** privacy_free(p): NULL does nothing. */
void privacy_free(struct privacy *p);

#endif
