/* SPDX-License-Identifier: MIT */
#include "mail/ownwords.h"

#include "mail/address.h"
#include "mail/token.h"

#include <stdlib.h>

enum { SHORTEST = 3 };

/* Role names (RFC 2142 and habit), and words of replies that are also names
 * or mailboxes; sorted. */
static const char *const common[] = {"abuse", "access", "account", "accounts",
    "address", "admin", "administrator", "alias", "all", "and",
    "authentication", "banned", "bill", "billing", "block", "blocked", "bounce",
    "bounces", "bulk", "client", "code", "connection", "contact", "content",
    "daemon", "data", "delivery", "denied", "disabled", "domain", "dynamic",
    "email", "error", "failed", "filter", "for", "found", "from", "full",
    "grey", "greylist", "greylisted", "guest", "has", "hello", "help",
    "helpdesk", "host", "hostmaster", "inbox", "info", "internal", "invalid",
    "jobs", "list", "local", "mail", "mailbox", "mailer", "mailer-daemon",
    "mark", "marketing", "max", "may", "member", "message", "moved", "name",
    "network", "news", "newsletter", "no-reply", "nobody", "noreply", "not",
    "notfound", "office", "open", "order", "orders", "over", "phishing",
    "policy", "post", "postmaster", "quota", "recipient", "reject", "rejected",
    "relay", "reply", "report", "request", "return", "rich", "root", "sales",
    "security", "sender", "server", "service", "services", "size", "smtp",
    "spam", "staff", "storage", "subscribe", "support", "suspended", "system",
    "team", "temporary", "test", "the", "unknown", "unsubscribe", "user",
    "username", "users", "verify", "virus", "was", "web", "webmaster", "will",
    "www", "your"};

static int compare(const void *key, const void *entry)
{
    const struct span *word = key;
    const char *const *other = entry;
    size_t len = strlen(*other);
    size_t n = word->len < len ? word->len : len;
    int order = memcmp(word->ptr, *other, n);
    return order != 0 ? order : (word->len > len) - (word->len < len);
}

static bool is_common(struct span word)
{
    char lower[16];
    if (word.len > sizeof(lower)) {
        return false;
    }
    span_lower(word, lower);
    struct span key = {lower, word.len};
    return bsearch(&key, common, sizeof(common) / sizeof(common[0]),
               sizeof(common[0]), compare) != NULL;
}

static bool is_number(struct span word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] < '0' || word.ptr[i] > '9') {
            return false;
        }
    }
    return true;
}

static void add(struct own_words *o, struct span word, struct span domain)
{
    if (word.len >= SHORTEST && o->n < OWN_WORDS_MAX) {
        o->word[o->n] = word;
        o->domain[o->n++] = domain;
    }
}

/* A quoted local part ("joe smith"@example.org) is as many as it has words. */
static void add_address(struct own_words *o, struct span address)
{
    struct span local = address_local(address);
    struct span domain = address_domain(address);
    if (local.len < 2 || local.ptr[0] != '"') {
        add(o, local, domain);
        return;
    }
    local = span_first(span_skip(local, 1), local.len - 2);
    while (local.len > 0) {
        size_t end = span_find(local, SPAN_LITERAL(" "));
        add(o, span_first(local, end), domain);
        local = span_skip(local, end < local.len ? end + 1 : end);
    }
}

struct own_words ownwords_of(const struct event *e)
{
    struct own_words o = {.n = 0};
    add_address(&o, e->recipient);
    add_address(&o, e->sender);
    return o;
}

bool ownwords_announced(struct span before)
{
    static const char *const keys[] = {
        "to=", "from=", "user=", "username=", "ctladdr=", "login=", "mailbox="};
    if (span_ends(before, SPAN_LITERAL("<"))) {
        before.len--;
    }
    if (!span_ends(before, SPAN_LITERAL("="))) {
        return false;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (span_ends(before, span_of(keys[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_word(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c >= 0x80 || c == '.' || c == '_' ||
           c == '+' || c == '-';
}

struct own_words ownwords_in(struct span line)
{
    struct own_words o = {.n = 0};
    size_t at = 0;
    while (at < line.len) {
        size_t end = at;
        while (end < line.len && is_word((unsigned char)line.ptr[end])) {
            end++;
        }
        bool is_local = end < line.len && line.ptr[end] == '@';
        if (is_local || ownwords_announced(span_first(line, at))) {
            add(&o, span_first(span_skip(line, at), end - at),
                SPAN_LITERAL(""));
        }
        at = end + 1;
    }
    return o;
}

/* An address that an earlier source told may have a token for its name. */
static bool is_word_of(struct span own, struct span word)
{
    if (own.len == word.len) {
        return span_equal_nocase(own, word);
    }
    return own.len == TOKEN_LEN && word.len >= SHORTEST &&
           token_stands_for(own, word);
}

bool ownwords_may_be(struct span word)
{
    return word.len >= SHORTEST && !is_common(word) && !is_number(word);
}

size_t ownwords_find(const struct own_words *o, struct span token)
{
    for (size_t i = 0; i < o->n; i++) {
        if (is_word_of(o->word[i], token)) {
            /* looked up last: hardly any token gets here */
            return ownwords_may_be(token) ? i : o->n;
        }
    }
    return o->n;
}
