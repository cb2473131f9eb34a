/* SPDX-License-Identifier: MIT */
/*
 * All addresses are kept as IPv6: IPv4 as "::ffff:a.b.c.d" (RFC 4291,
 * 2.5.5.2), with prefixes 96 bits longer.  A site has a handful of networks,
 * so they are tried one after the other.
 */
#include "classify/networks.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/memory.h"

enum { BYTES = 16, IPV4_BITS = 32, IPV4_AT = 12 };

struct network {
    unsigned char bytes[BYTES];
    unsigned bits;
};

struct networks {
    struct network *items;
    size_t n;
};

static bool read_address(const char *text, struct network *network)
{
    static const unsigned char mapped[IPV4_AT] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (inet_pton(AF_INET6, text, network->bytes) == 1) {
        network->bits = BYTES * 8;
        return true;
    }
    memcpy(network->bytes, mapped, sizeof(mapped));
    network->bits = IPV4_BITS;
    return inet_pton(AF_INET, text, network->bytes + IPV4_AT) == 1;
}

static bool read_network(struct span text, struct network *network)
{
    char address[INET6_ADDRSTRLEN];
    int64_t bits = 0;
    size_t slash = span_find(text, SPAN_LITERAL("/"));
    if (slash >= sizeof(address)) {
        return false;
    }
    memcpy(address, text.ptr, slash);
    address[slash] = '\0';
    if (!read_address(address, network)) {
        return false;
    }
    unsigned most = network->bits;
    if (slash < text.len) {
        if (!span_number(span_skip(text, slash + 1), &bits) || bits > most) {
            return false;
        }
        network->bits = (unsigned)bits;
    }
    network->bits += most == IPV4_BITS ? IPV4_AT * 8 : 0;
    return true;
}

bool networks_is_valid(const char *text)
{
    struct network network;
    return read_network(span_of(text), &network);
}

struct networks *networks_create(const char *const *texts, size_t n)
{
    struct networks *set = memory_zalloc(1, sizeof(*set));
    set->items = memory_zalloc(n > 0 ? n : 1, sizeof(*set->items));
    for (size_t i = 0; i < n; i++) {
        set->n += read_network(span_of(texts[i]), &set->items[set->n]);
    }
    return set;
}

static bool holds(const struct network *network, const unsigned char *bytes)
{
    size_t whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    unsigned differ =
        rest > 0 ? (unsigned)(network->bytes[whole] ^ bytes[whole]) : 0;
    return memcmp(network->bytes, bytes, whole) == 0 &&
           differ >> (8 - rest) == 0;
}

bool networks_hold(const struct networks *set, struct span address)
{
    struct network wanted;
    if (set == NULL || address.len == 0 || !read_network(address, &wanted)) {
        return false;
    }
    for (size_t i = 0; i < set->n; i++) {
        if (holds(&set->items[i], wanted.bytes)) {
            return true;
        }
    }
    return false;
}

void networks_free(struct networks *set)
{
    if (set != NULL) {
        free(set->items);
        free(set);
    }
}
