/* SPDX-License-Identifier: MIT */
#include "aggregate/privacy.h"

#include "base/memory.h"
#include "mail/token.h"

#include <nettle/hmac.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHOWN = 8, LONGEST = 512 };

struct privacy {
    bool keep;
    bool domains;
    bool tokens;
    struct hmac_sha256_ctx hmac; /* keyed; copied for each use */
};

struct privacy *privacy_keep(void)
{
    struct privacy *p = memory_zalloc(1, sizeof(*p));
    p->keep = true;
    return p;
}

const struct privacy *privacy_tokens(void)
{
    static const struct privacy tokens = {.tokens = true};
    return &tokens;
}

struct privacy *privacy_pseudonymise(struct span key, bool domains)
{
    struct privacy *p = memory_zalloc(1, sizeof(*p));
    p->domains = domains;
    hmac_sha256_set_key(&p->hmac, key.len, (const uint8_t *)key.ptr);
    return p;
}

bool privacy_keeps(const struct privacy *p)
{
    return p != NULL && p->keep;
}

bool privacy_hides_domains(const struct privacy *p)
{
    return p != NULL && p->domains;
}

static void digest_lower(struct hmac_sha256_ctx *h, struct span text)
{
    char lower[LONGEST];
    while (text.len > 0) {
        size_t n = text.len < sizeof(lower) ? text.len : sizeof(lower);
        span_lower(span_first(text, n), lower);
        hmac_sha256_update(h, n, (const uint8_t *)lower);
        text = span_skip(text, n);
    }
}

/* ${letter} and the digits of ${h} to ${out}: PRIVACY_LOCAL_LEN bytes. */
static void write_digest(struct hmac_sha256_ctx *h, char letter, char *out)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHOWN];
    hmac_sha256_digest(h, sizeof(digest), digest);
    *out++ = letter;
    for (size_t i = 0; i < sizeof(digest); i++) {
        *out++ = digits[digest[i] >> 4];
        *out++ = digits[digest[i] & 15];
    }
}

struct span privacy_local(
    const struct privacy *p, struct span local, struct span domain, char *out)
{
    if (p == NULL) {
        return SPAN_LITERAL("***");
    }
    if (p->keep) {
        return local;
    }
    if (p->tokens) {
        return token_make(local, out);
    }
    struct hmac_sha256_ctx h = p->hmac;
    digest_lower(&h, local);
    if (domain.len > 0) {
        digest_lower(&h, SPAN_LITERAL("@"));
        digest_lower(&h, domain);
    }
    write_digest(&h, 'u', out);
    return (struct span){out, PRIVACY_LOCAL_LEN};
}

struct span privacy_domain(
    const struct privacy *p, struct span domain, char *out)
{
    static const struct span ending = SPAN_INIT(".invalid");
    if (!privacy_hides_domains(p) || domain.len == 0) {
        return domain;
    }
    struct hmac_sha256_ctx h = p->hmac;
    digest_lower(&h, domain);
    write_digest(&h, 'd', out);
    memcpy(out + PRIVACY_LOCAL_LEN, ending.ptr, ending.len);
    return (struct span){out, PRIVACY_DOMAIN_LEN};
}

/* A local part that is too long (RFC 5321 allows 64 bytes) is cut. */
static struct span hidden(
    const struct privacy *p, struct span address, char *out)
{
    struct span domain = address_domain(address);
    if (domain.len == 0) {
        return address;
    }
    struct span local = address_local(address);
    size_t n = local.len < LONGEST - 1 ? local.len : LONGEST - 1;
    char name[PRIVACY_DOMAIN_LEN];
    struct span shown = privacy_domain(p, domain, name);
    if (n > 0) {
        memcpy(out, local.ptr, n);
    }
    out[n] = '@';
    memcpy(out + n + 1, shown.ptr, shown.len);
    return (struct span){out, n + 1 + shown.len};
}

void privacy_event(
    const struct privacy *p, struct event *e, struct privacy_scratch *scratch)
{
    e->sender = hidden(p, e->sender, scratch->sender);
    e->recipient = hidden(p, e->recipient, scratch->recipient);
}

void privacy_free(struct privacy *p)
{
    free(p);
}
