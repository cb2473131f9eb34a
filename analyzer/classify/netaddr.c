/* SPDX-License-Identifier: MIT */
/*
 * Replies name the listed or refused address, and templates must not.  The
 * scanners look at one place and read no further than an address can reach,
 * so a search over a text is linear.
 */
#include "classify/netaddr.h"

enum { IPV6_GROUPS = 8, IPV6_TEXT_LEN = 45 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* May an address end before ${at}?  "1.2.3.4.example" is a name, "1.2.3.4."
 * the end of a sentence. */
static bool ends_here(struct span s, size_t at)
{
    if (at >= s.len) {
        return true;
    }
    char c = s.ptr[at];
    if (c == '.') {
        return at + 1 >= s.len ||
               !(is_digit(s.ptr[at + 1]) || is_letter(s.ptr[at + 1]));
    }
    return !is_digit(c) && !is_letter(c);
}

/* The length of a number from 0 to 255 at ${at}; 0: none. */
static size_t octet(struct span s, size_t at)
{
    size_t n = 0;
    int value = 0;
    while (at + n < s.len && n < 4 && is_digit(s.ptr[at + n])) {
        value = value * 10 + (s.ptr[at + n] - '0');
        n++;
    }
    return n <= 3 && value <= 255 ? n : 0;
}

size_t netaddr_ipv4(struct span s)
{
    size_t at = 0;
    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            if (at >= s.len || s.ptr[at] != '.') {
                return 0;
            }
            at++;
        }
        size_t n = octet(s, at);
        if (n == 0) {
            return 0;
        }
        at += n;
    }
    return ends_here(s, at) ? at : 0;
}

/* How far a run of hexadecimal digits, colons and dots reaches. */
static size_t run_len(struct span s)
{
    size_t n = 0;
    while (n < s.len && n <= IPV6_TEXT_LEN &&
           (is_hex(s.ptr[n]) || s.ptr[n] == ':' || s.ptr[n] == '.')) {
        n++;
    }
    /* "host 2001:db8::1: refused": the last colon is punctuation */
    while (n > 0 &&
           (s.ptr[n - 1] == '.' || (s.ptr[n - 1] == ':' && n > 1 &&
                                       (s.ptr[n - 2] != ':' || n == 2)))) {
        n--;
    }
    return n;
}

static size_t hex_group(struct span s, size_t at)
{
    size_t n = 0;
    while (at + n < s.len && n < 5 && is_hex(s.ptr[at + n])) {
        n++;
    }
    return n;
}

/* Is ${s}, a run as above, wholly one address? */
static bool is_ipv6(struct span s)
{
    int groups = 0;
    bool gap = false;
    size_t at = 0;
    while (at < s.len) {
        if (s.len - at >= 2 && s.ptr[at] == ':' && s.ptr[at + 1] == ':') {
            if (gap) {
                return false;
            }
            gap = true;
            at += 2;
            if (at == s.len) {
                break;
            }
        } else if (groups > 0) {
            if (s.ptr[at] != ':') {
                return false;
            }
            at++;
        }
        if (netaddr_ipv4(span_skip(s, at)) == s.len - at && at > 0 &&
            at < s.len) {
            groups += 2;
            break;
        }
        size_t n = hex_group(s, at);
        if (n == 0 || n > 4) {
            return false;
        }
        groups++;
        at += n;
    }
    return gap ? groups > 0 && groups < IPV6_GROUPS : groups == IPV6_GROUPS;
}

size_t netaddr_ipv6(struct span s)
{
    size_t n = run_len(s);
    return n >= 3 && ends_here(s, n) && is_ipv6(span_first(s, n)) ? n : 0;
}

bool netaddr_find(struct span text, struct span *found)
{
    bool inside = false; /* of a word, where no address begins */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!inside && (is_hex(c) || c == ':')) {
            struct span rest = span_skip(text, i);
            size_t n = netaddr_ipv4(rest);
            n = n > 0 ? n : netaddr_ipv6(rest);
            if (n > 0) {
                *found = span_first(rest, n);
                return true;
            }
        }
        /* "IPv6:2001:db8::1": an address may follow a colon, but not one
         * that stands inside a run of groups */
        inside = is_digit(c) || is_letter(c) || c == '.' || c == '-' ||
                 c == '_' ||
                 (c == ':' && inside && i > 0 && is_hex(text.ptr[i - 1]));
    }
    return false;
}
