/* SPDX-License-Identifier: MIT */
/*
 * "Client host [192.0.2.1] blocked using zen.spamhaus.org": the template keeps
 * the list's name and masks the address, so the list is part of the verdict
 * on a template, and the address is looked for in each reply.
 */
#include "classify/listing.h"

#include "classify/maskname.h"
#include "classify/netaddr.h"

bool listing_is_broken(const struct detail_entry *d)
{
    return d->list != NULL && strcmp(d->list, "broken") == 0;
}

bool listing_is_named(const struct detail_entry *d)
{
    return d != NULL && d->list != NULL && strcmp(d->list, "named") == 0;
}

/* The host name at the start of ${s}, or SPAN_NONE. */
static struct span host_at(struct span s)
{
    size_t n = 0;
    while (n < s.len &&
           (s.ptr[n] == '.' || s.ptr[n] == '-' || s.ptr[n] == '_' ||
               (s.ptr[n] >= '0' && s.ptr[n] <= '9') ||
               ((s.ptr[n] | 0x20) >= 'a' && (s.ptr[n] | 0x20) <= 'z'))) {
        n++;
    }
    while (n > 0 && (s.ptr[n - 1] == '.' || s.ptr[n - 1] == '-')) {
        n--;
    }
    struct span host = span_first(s, n);
    return n > 0 && maskname_is_host(host) ? host : SPAN_NONE;
}

static struct span name_after(struct span s, struct span word)
{
    for (size_t at = span_find(s, word); at < s.len; at = span_find(s, word)) {
        bool starts = at == 0 || s.ptr[at - 1] == ' ';
        s = span_skip(s, at + word.len);
        struct span host = starts ? host_at(s) : SPAN_NONE;
        if (span_is_known(host)) {
            return host;
        }
    }
    return SPAN_NONE;
}

struct span listing_named_zone(struct span template)
{
    struct span name = name_after(template, SPAN_LITERAL("using "));
    return span_is_known(name) ? name
                               : name_after(template, SPAN_LITERAL("by "));
}

struct span listing_known_zone(
    const struct dnsbl_table *t, struct span template)
{
    struct span zone = dnsbl_zone_in_text(t, template);
    if (span_is_known(zone) || span_is_known(listing_named_zone(template))) {
        return zone;
    }
    return dnsbl_word_in_text(t, template);
}

struct span listing_address(struct span text, struct span not_this)
{
    struct span found;
    while (netaddr_find(text, &found)) {
        bool local = span_starts(found, SPAN_LITERAL("127."));
        if (!local && !span_equal_nocase(found, not_this)) {
            return found;
        }
        text = span_skip(text, (size_t)(found.ptr - text.ptr) + found.len);
    }
    return SPAN_NONE;
}

struct span listing_own_address(struct span text, const struct networks *own)
{
    struct span found;
    while (own != NULL && netaddr_find(text, &found)) {
        if (networks_hold(own, found)) {
            return found;
        }
        text = span_skip(text, (size_t)(found.ptr - text.ptr) + found.len);
    }
    return SPAN_NONE;
}

struct span listing_zone_text(
    const struct dnsbl_table *t, struct span name, char *out)
{
    while (name.len > 0 && name.ptr[name.len - 1] == '.') {
        name.len--;
    }
    if (name.len == 0 || name.len > LISTING_ZONE_LEN ||
        !maskname_is_host(name)) {
        return SPAN_NONE;
    }
    struct span zone = SPAN_NONE;
    if (dnsbl_by_zone(t, name, &zone) != NULL) {
        return zone;
    }
    span_lower(name, out);
    return (struct span){out, name.len};
}
