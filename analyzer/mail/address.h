/* SPDX-License-Identifier: MIT */
/* mail/address.h - the parts of an envelope address (RFC 5321, 4.1.2). */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include "base/span.h"

enum { DOMAIN_TEXT_LEN = 256 };

/**
 * address_domain(address):
 * Return what follows the last "@" of ${address}, without a final dot;
 * SPAN_NONE if ${address} is unknown, the empty text if it has no domain.
 * Borrows from ${address}.
 */
struct span address_domain(struct span address);

/** address_local(address): What stands before the last "@" of ${address}, or
 * all of it if there is none; borrows from it. */
struct span address_local(struct span address);

/**
 * domain_normalise(domain, out):
 * Write ${domain} in lower case to ${out} (DOMAIN_TEXT_LEN bytes) and return
 * that; a domain longer than RFC 5321's 255 bytes gives "(too long)".
 */
struct span domain_normalise(struct span domain, char *out);

/**
 * domain_is_under(domain, parent):
 * True if ${domain} is ${parent} or lies under it; ASCII case is ignored.
 */
bool domain_is_under(struct span domain, struct span parent);

#endif
