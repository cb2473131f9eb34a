/* SPDX-License-Identifier: MIT */
/*
 * The text is "+a@x\n-b@y\n": who is struck has "-" before the address.
 */
#include "parse/roster.h"

#include "mail/address.h"

enum { STANDS = '+', STRUCK = '-', END = '\n' };

struct entry {
    char mark;
    struct span address;
};

/* Take the first entry off ${rest}; false if there is none. */
static bool next(struct span *rest, struct entry *e)
{
    size_t end = span_find(*rest, SPAN_LITERAL("\n"));
    if (end == rest->len || end == 0) {
        return false;
    }
    e->mark = rest->ptr[0];
    e->address = span_skip(span_first(*rest, end), 1);
    *rest = span_skip(*rest, end + 1);
    return true;
}

void roster_load(struct roster *r, struct span text)
{
    r->len = text.len < sizeof(r->text) ? text.len : sizeof(r->text);
    if (r->len > 0) {
        memcpy(r->text, text.ptr, r->len);
    }
    while (r->len > 0 && r->text[r->len - 1] != END) {
        r->len--;
    }
}

struct span roster_text(const struct roster *r)
{
    return (struct span){r->text, r->len};
}

/* Set the mark of ${address}; false if it is not there. */
static bool mark(struct roster *r, struct span address, char value)
{
    struct span rest = roster_text(r);
    struct entry e;
    while (next(&rest, &e)) {
        if (span_equal_nocase(e.address, address)) {
            r->text[e.address.ptr - r->text - 1] = value;
            return true;
        }
    }
    return false;
}

void roster_enlist(struct roster *r, struct span address)
{
    bool fits = address.len + 2 <= sizeof(r->text) - r->len;
    if (mark(r, address, STANDS) || !fits || address.len == 0 ||
        span_find(address, SPAN_LITERAL("\n")) < address.len) {
        return;
    }
    r->text[r->len] = STANDS;
    memcpy(r->text + r->len + 1, address.ptr, address.len);
    r->text[r->len + 1 + address.len] = END;
    r->len += address.len + 2;
}

void roster_strike(struct roster *r, struct span address)
{
    mark(r, address, STRUCK);
}

/* Is ${e} the first entry of ${r} with its domain? */
static bool begins_domain(const struct roster *r, const struct entry *e)
{
    struct span rest = roster_text(r);
    struct entry earlier;
    while (next(&rest, &earlier) && earlier.address.ptr < e->address.ptr) {
        if (span_equal_nocase(
                address_domain(earlier.address), address_domain(e->address))) {
            return false;
        }
    }
    return true;
}

/* The ${n}th entry that begins a domain; without ${domains}, the ${n}th. */
static bool find_nth(
    const struct roster *r, int64_t n, bool domains, struct entry *e)
{
    struct span rest = roster_text(r);
    while (next(&rest, e)) {
        if ((!domains || begins_domain(r, e)) && --n == 0) {
            return true;
        }
    }
    return false;
}

struct span roster_list(
    const struct roster *r, int64_t copy, struct span separator, char *out)
{
    struct entry chosen = {.address = SPAN_NONE};
    struct entry e;
    bool by_domain = copy > 0 && find_nth(r, copy, true, &chosen);
    bool alone = copy > 0 && !by_domain;
    if (alone &&
        (find_nth(r, 2, true, &e) || !find_nth(r, copy, false, &chosen))) {
        return SPAN_NONE;
    }
    struct span rest = roster_text(r);
    size_t len = 0;
    while (next(&rest, &e)) {
        bool meant = alone       ? e.address.ptr == chosen.address.ptr
                     : by_domain ? span_equal_nocase(address_domain(e.address),
                                       address_domain(chosen.address))
                                 : true;
        size_t gap = len > 0 ? separator.len : 0;
        if (e.mark != STANDS || !meant ||
            len + gap + e.address.len > LIMIT_ROSTER_LEN) {
            continue;
        }
        if (gap > 0) {
            memcpy(out + len, separator.ptr, gap);
        }
        memcpy(out + len + gap, e.address.ptr, e.address.len);
        len += gap + e.address.len;
    }
    return len > 0 ? (struct span){out, len} : SPAN_NONE;
}
