/* SPDX-License-Identifier: MIT */
/*
 * The host and the words of the path tell which page a provider points to;
 * the rest names the message or the client.  What follows the first masked
 * part goes with it, so that a masked URL is its own template.
 */
#include "classify/maskurl.h"

#include "classify/maskid.h"
#include "classify/maskname.h"
#include "classify/netaddr.h"

enum {
    LONGEST_SEGMENT = 24, /* with digits in it; longer ones are identifiers */
    LONGEST_WORDS = 64,   /* without */
    LONGEST_NUMBER = 8,   /* of a page; longer ones are identifiers */
    LONGEST_URL = 200
};

/* What an ASCII byte is to a URL. */
enum { ENDS_URL = 1, TRAILS = 2, ENDS_SEGMENT = 4 };

static const unsigned char url_kinds[128] = {
    ['<'] = ENDS_URL,
    ['>'] = ENDS_URL,
    ['"'] = ENDS_URL,
    ['\''] = ENDS_URL,
    ['('] = ENDS_URL,
    [')'] = ENDS_URL,
    ['{'] = ENDS_URL,
    ['}'] = ENDS_URL,
    ['['] = ENDS_URL,
    [']'] = ENDS_URL,
    ['|'] = ENDS_URL,
    ['\\'] = ENDS_URL,
    ['^'] = ENDS_URL,
    ['`'] = ENDS_URL,
    ['.'] = TRAILS,
    [','] = TRAILS,
    [';'] = TRAILS,
    [':'] = TRAILS,
    ['!'] = TRAILS,
    ['?'] = TRAILS | ENDS_SEGMENT,
    ['/'] = ENDS_SEGMENT,
    ['#'] = ENDS_SEGMENT,
};

static bool is_kind(char c, unsigned kind)
{
    return (unsigned char)c < 128 && (url_kinds[(unsigned char)c] & kind) != 0;
}

static bool ends_url(char c)
{
    unsigned char u = (unsigned char)c;
    return u <= ' ' || u >= 127 || (url_kinds[u] & ENDS_URL) != 0;
}

/* ${s} without punctuation that ends a sentence. */
static struct span without_trail(struct span s)
{
    while (s.len > 0 && is_kind(s.ptr[s.len - 1], TRAILS)) {
        s.len--;
    }
    return s;
}

/* The URL at the start of ${s}. */
static struct span find_url(struct span s)
{
    size_t n = 0;
    while (n < s.len && !ends_url(s.ptr[n])) {
        n++;
    }
    return without_trail(span_first(s, n));
}

/* The length of the segment of a path at the start of ${s}. */
static size_t segment_len(struct span s)
{
    size_t n = 0;
    while (n < s.len && !is_kind(s.ptr[n], ENDS_SEGMENT)) {
        n++;
    }
    return n;
}

static bool is_variable(struct span segment)
{
    size_t n_digits = 0;
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.ptr[i];
        n_digits += maskid_is_digit(c);
        if (c == '@' || c == '=' || c == '&') {
            return true;
        }
    }
    if (n_digits == 0) {
        return segment.len > LONGEST_WORDS;
    }
    if (n_digits == segment.len) {
        return n_digits > LONGEST_NUMBER;
    }
    return segment.len > LONGEST_SEGMENT || netaddr_ipv4(segment) > 0 ||
           (segment.len >= 8 && maskid_is_random(segment)) ||
           maskid_is_whole(segment);
}

/* The path and what follows it.  Where a query is left out, a segment before
 * it may end the URL when the template is masked again. */
static void add_path(struct maskout *o, struct span s, size_t room)
{
    while (s.len > 0) {
        char lead = s.ptr[0];
        maskout_char(o, lead);
        s = span_skip(s, 1);
        size_t n = lead == '/' ? segment_len(s) : s.len;
        struct span segment = span_first(s, n);
        if (n > 0 &&
            (lead == '?' || is_variable(without_trail(segment)) || n > room)) {
            maskout_add(o, SPAN_LITERAL("{id}"));
            return;
        }
        maskout_add(o, segment);
        room -= n;
        s = span_skip(s, n);
    }
}

/* The length of the host name or IPv4 address at the start of ${s}. */
static size_t host_len(struct span s)
{
    size_t n = 0;
    while (n < s.len &&
           (maskid_is_digit(s.ptr[n]) || maskid_is_letter(s.ptr[n]) ||
               s.ptr[n] == '.' || s.ptr[n] == '-' || s.ptr[n] == '_')) {
        n++;
    }
    while (n > 0 && s.ptr[n - 1] == '.') {
        n--;
    }
    return n;
}

/* What to write for ${host}; SPAN_NONE: ${host} itself. */
static struct span host_mask(
    const struct template_names *names, struct span host)
{
    if (host.len > 0 && netaddr_ipv4(host) == host.len) {
        return SPAN_LITERAL("{ip}");
    }
    if (maskname_is_own(names, host)) {
        return SPAN_LITERAL("{host}");
    }
    if (host.len > LONGEST_URL / 2 || maskid_is_whole(host)) {
        return SPAN_LITERAL("{id}");
    }
    return SPAN_NONE;
}

size_t maskurl_add(
    struct maskout *o, const struct template_names *names, struct span s)
{
    struct span url = find_url(s);
    struct span rest = url;
    size_t scheme = span_find(rest, SPAN_LITERAL("://"));
    if (scheme < rest.len) {
        maskout_add(o, span_first(rest, scheme + 3));
        rest = span_skip(rest, scheme + 3);
    }
    struct span host = span_first(rest, host_len(rest));
    rest = span_skip(rest, host.len);
    if (rest.len > 0 && rest.ptr[0] == '@') {
        maskout_add(o, SPAN_LITERAL("{id}")); /* a user, RFC 3986, 3.2.1 */
        return url.len;
    }
    struct span mask = host_mask(names, host);
    maskout_add(o, span_is_known(mask) ? mask : host);
    if (rest.len > 0 && strchr("/?#:", rest.ptr[0]) == NULL) {
        return url.len - rest.len; /* no URL goes on like this */
    }
    if (!span_is_known(mask)) {
        add_path(o, rest, LONGEST_URL);
    }
    return url.len;
}
