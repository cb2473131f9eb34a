/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memrchr */
#include "mail/address.h"

struct span address_domain(struct span address)
{
    if (!span_is_known(address)) {
        return SPAN_NONE;
    }
    const char *at =
        address.len > 0 ? memrchr(address.ptr, '@', address.len) : NULL;
    if (at == NULL) {
        return SPAN_LITERAL("");
    }
    struct span domain = span_skip(address, (size_t)(at - address.ptr) + 1);
    if (domain.len > 0 && domain.ptr[domain.len - 1] == '.') {
        domain.len--;
    }
    return domain;
}

struct span address_local(struct span address)
{
    const char *at =
        address.len > 0 ? memrchr(address.ptr, '@', address.len) : NULL;
    return at != NULL ? span_first(address, (size_t)(at - address.ptr))
                      : address;
}

struct span domain_normalise(struct span domain, char *out)
{
    if (domain.len >= DOMAIN_TEXT_LEN) {
        return SPAN_LITERAL("(too long)");
    }
    span_lower(domain, out);
    return (struct span){out, domain.len};
}

bool domain_is_under(struct span domain, struct span parent)
{
    if (!span_ends_nocase(domain, parent)) {
        return false;
    }
    return domain.len == parent.len ||
           domain.ptr[domain.len - parent.len - 1] == '.';
}
