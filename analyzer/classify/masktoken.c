/* SPDX-License-Identifier: MIT */
/*
 * A token is looked at as a whole (mail address, IPv6 address, time), then in
 * pieces between ": / = + @" (host, IPv4 address, identifier), then in runs
 * of letters and digits.
 *
 * A template must be its own template.  When a template is masked again, what
 * stands next to a placeholder was once part of one token with it; such a
 * rest gets only the treatment it got then: that of runs.
 */
#include "classify/masktoken.h"

#include "classify/maskid.h"
#include "classify/maskname.h"
#include "classify/netaddr.h"

static bool is_separator(char c)
{
    return c == ':' || c == '/' || c == '=' || c == '+' || c == '@';
}

/* Addresses by which DNSBLs answer: 127.0.0.2 is a listing, 127.255.255.254
 * a refused query. */
static bool is_return_code(struct span ip)
{
    return span_starts(ip, SPAN_LITERAL("127.0.0.")) ||
           span_starts(ip, SPAN_LITERAL("127.255.255."));
}

static void add_ip(struct maskout *o, struct span ip)
{
    maskout_add(o, is_return_code(ip) ? ip : SPAN_LITERAL("{ip}"));
}

/* ${piece} is bounded by separators on both sides. */
static void add_piece(struct maskout *o, const struct template_names *names,
    struct span piece, bool named)
{
    bool dotted = memchr(piece.ptr, '.', piece.len) != NULL;
    if (dotted && netaddr_ipv4(piece) == piece.len) {
        add_ip(o, piece);
    } else if (dotted && maskname_is_host(piece)) {
        maskname_add(o, names, piece, named);
    } else if (maskid_is_whole(piece)) {
        maskout_add(o, SPAN_LITERAL("{id}"));
    } else {
        maskid_atoms(o, piece);
    }
}

/* The length of the piece at the start of ${s}: to a separator, or to two
 * dots, between which no name can reach. */
static size_t piece_len(struct span s)
{
    size_t n = 0;
    while (
        n < s.len && !is_separator(s.ptr[n]) &&
        !(s.ptr[n] == '.' && (n == 0 || n + 1 == s.len || s.ptr[n + 1] == '.' ||
                                 is_separator(s.ptr[n + 1])))) {
        n++;
    }
    return n;
}

/* Where the part of ${s} begins that touches the placeholder after it. */
static size_t open_from(struct span s, bool open)
{
    size_t at = s.len;
    while (open && at > 0 && !is_separator(s.ptr[at - 1])) {
        at--;
    }
    return at;
}

/* How much of ${s} touches the placeholder before it. */
static size_t joined_len(struct span s, bool joined)
{
    size_t n = 0;
    while (joined && n < s.len && !is_separator(s.ptr[n])) {
        n++;
    }
    return n;
}

static void add_pieces(struct maskout *o, const struct template_names *names,
    struct span s, struct masktoken_place place)
{
    size_t joined = joined_len(s, place.joined);
    maskid_atoms(o, span_first(s, joined));
    s = span_skip(s, joined);
    struct span tail = span_skip(s, open_from(s, place.open));
    s.len -= tail.len;
    bool named = place.named;
    while (s.len > 0 && !o->full) {
        size_t n = piece_len(s);
        if (n == 0) {
            /* a separator, or a dot that is in no name */
            maskout_char(o, s.ptr[0]);
            n = 1;
        } else {
            add_piece(o, names, span_first(s, n), named);
        }
        s = span_skip(s, n);
        named = false;
    }
    maskid_atoms(o, tail);
}

static bool all_digits(struct span s, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++) {
        if (i >= s.len || !maskid_is_digit(s.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* "12:34:56"; 0: none. */
static size_t clock_len(struct span s)
{
    size_t hours = all_digits(s, 0, 2) ? 2 : 1;
    if (s.len < hours + 6 || !all_digits(s, 0, hours) || s.ptr[hours] != ':' ||
        !all_digits(s, hours + 1, 2) || s.ptr[hours + 3] != ':' ||
        !all_digits(s, hours + 4, 2)) {
        return 0;
    }
    size_t n = hours + 6;
    bool ends = n == s.len ||
                (!maskid_is_digit(s.ptr[n]) && !maskid_is_letter(s.ptr[n]));
    return ends ? n : 0;
}

/* "2026-11-23" and what follows it in ISO 8601; 0: none. */
static size_t date_len(struct span s)
{
    if (s.len < 10 || !all_digits(s, 0, 4) || s.ptr[4] != '-' ||
        !all_digits(s, 5, 2) || s.ptr[7] != '-' || !all_digits(s, 8, 2)) {
        return 0;
    }
    size_t n = 10;
    while (n < s.len &&
           (maskid_is_digit(s.ptr[n]) || s.ptr[n] == ':' || s.ptr[n] == '.' ||
               s.ptr[n] == '+' || s.ptr[n] == '-' || s.ptr[n] == 'T' ||
               s.ptr[n] == 'Z')) {
        n++;
    }
    return n;
}

/* A part of ${s} that is masked as a whole. */
struct whole {
    size_t from;
    size_t len;
    struct span mask;
};

static bool find_address(struct span s, struct whole *w)
{
    const char *sign = memchr(s.ptr, '@', s.len);
    if (sign == NULL || sign == s.ptr) {
        return false;
    }
    size_t at = (size_t)(sign - s.ptr);
    size_t from = at;
    while (from > 0 && s.ptr[from - 1] != ':') {
        from--;
    }
    size_t end = at + 1;
    while (end < s.len && !is_separator(s.ptr[end])) {
        end++;
    }
    while (end > at + 1 && s.ptr[end - 1] == '.') {
        end--;
    }
    *w = (struct whole){from, end - from, SPAN_LITERAL("{address}")};
    return from < at && end > at + 1;
}

/* An IPv6 address, perhaps after "IPv6:" (RFC 5321, 4.1.3), or a time. */
static bool find_colons(struct span s, struct whole *w)
{
    size_t from = 0;
    if (s.len > 5 &&
        span_equal_nocase(span_first(s, 5), SPAN_LITERAL("IPv6:"))) {
        from = 5;
    }
    struct span rest = span_skip(s, from);
    *w = (struct whole){from, netaddr_ipv6(rest), SPAN_LITERAL("{ip}")};
    if (w->len == 0 && from == 0) {
        *w = (struct whole){0, clock_len(s), SPAN_LITERAL("{n}")};
    }
    return w->len > 0;
}

static bool find_whole(struct span s, struct whole *w)
{
    if (find_address(s, w)) {
        return true;
    }
    if (memchr(s.ptr, ':', s.len) != NULL && find_colons(s, w)) {
        return true;
    }
    *w = (struct whole){0, date_len(s), SPAN_LITERAL("{n}")};
    return w->len > 0;
}

void masktoken_add(struct maskout *o, const struct template_names *names,
    struct span token, struct masktoken_place place)
{
    struct whole w;
    if (place.joined || place.open || !find_whole(token, &w)) {
        add_pieces(o, names, token, place);
        return;
    }
    struct masktoken_place before = {.open = true};
    struct masktoken_place after = {.joined = true};
    add_pieces(o, names, span_first(token, w.from), before);
    maskout_add(o, w.mask);
    add_pieces(o, names, span_skip(token, w.from + w.len), after);
}
