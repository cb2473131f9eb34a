/* SPDX-License-Identifier: MIT */
/* classify/listing.h - which list and which address a reply names. */
#ifndef CLASSIFY_LISTING_H
#define CLASSIFY_LISTING_H

#include "classify/knowledge.h"
#include "classify/networks.h"
#include "mail/event.h"

enum { LISTING_ZONE_LEN = 256 };

/** listing_is_named(d): True if replies of the detail ${d} name a list that
 * holds somebody, even one that is not known: after "using" or "by". */
bool listing_is_named(const struct detail_entry *d);

/** listing_is_broken(d): True if those of ${d} only say that looking into a
 * list failed. */
bool listing_is_broken(const struct detail_entry *d);

/**
 * listing_known_zone(t, template):
 * Return the zone of ${t} that ${template} names: by a name in it, else, where
 * no other name follows "using" or "by", by a word; or SPAN_NONE.
 */
struct span listing_known_zone(
    const struct dnsbl_table *t, struct span template);

/** listing_named_zone(template): Return the name that follows "using", else
 * the one that follows "by", in ${template}; SPAN_NONE if there is none. */
struct span listing_named_zone(struct span template);

/**
 * listing_address(text, not_this):
 * Return the first address in ${text} that can be listed: not one of
 * 127.0.0.0/8 and not ${not_this}, the host that says so; or SPAN_NONE.
 */
struct span listing_address(struct span text, struct span not_this);

/** listing_own_address(text, own): Return the first address in ${text} that
 * lies in ${own} (NULL: none does), or SPAN_NONE. */
struct span listing_own_address(struct span text, const struct networks *own);

/**
 * listing_zone_text(t, name, out):
 * Return ${name}, which an expression took out of a reply, as a zone: that of
 * ${t} it lies under, else itself in lower case in ${out} (LISTING_ZONE_LEN
 * bytes); SPAN_NONE if it is no domain name.
 */
struct span listing_zone_text(
    const struct dnsbl_table *t, struct span name, char *out);

#endif
