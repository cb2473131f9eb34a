/* SPDX-License-Identifier: MIT */
/* classify/netaddr.h - IP addresses written in text. */
#ifndef CLASSIFY_NETADDR_H
#define CLASSIFY_NETADDR_H

#include "base/span.h"

/**
 * netaddr_ipv4(s):
 * Return how many bytes an IPv4 address in dotted form takes at the start of
 * ${s}; 0 if there is none or if a digit, a letter or another label follows.
 */
size_t netaddr_ipv4(struct span s);

/**
 * netaddr_ipv6(s):
 * The same for an IPv6 address (RFC 4291, 2.2), with or without the final
 * IPv4 part.  "::" alone is none: text uses it for other things.
 */
size_t netaddr_ipv6(struct span s);

/**
 * netaddr_find(text, found):
 * Store in ${found} the first address in ${text} that stands by itself;
 * return false if there is none.  ${found} borrows from ${text}.
 */
bool netaddr_find(struct span text, struct span *found);

#endif
