/* SPDX-License-Identifier: MIT */
/*
 * A name is kept if it says who decided: a DNSBL or a provider.  Even then
 * its first labels may be a customer's key, a reversed address or a machine
 * number, so they go as soon as they hold digits.
 */
#include "classify/maskname.h"

#include "classify/maskid.h"
#include "classify/netaddr.h"

enum { LONGEST_KEPT = 80, LONGEST_LABEL = 24 };

static const struct span placeholder_host = SPAN_INIT("{host}");
static const struct span placeholder_ip = SPAN_INIT("{ip}");

static bool is_label_char(char c)
{
    return maskid_is_digit(c) || maskid_is_letter(c) || c == '-' || c == '_';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "Rejected.See" is the end of a sentence and the beginning of the next, and
 * "RESOLVER.ADR.Ambiguous" a term of Exchange: a capital begins the last
 * label of a name only if it begins the one before as well. */
static bool is_sentence_end(struct span piece, size_t tld)
{
    size_t label = tld - 1;
    while (label > 0 && piece.ptr[label - 1] != '.') {
        label--;
    }
    return is_upper(piece.ptr[tld]) && !is_upper(piece.ptr[tld + 1]) &&
           (label == 0 || !is_upper(piece.ptr[label]) ||
               is_upper(piece.ptr[label + 1]));
}

/* Letters of one case, but for the first: "RecipNotFound" is none. */
static bool is_tld(struct span s)
{
    if (s.len < 2) {
        return false;
    }
    if (s.len > 4 && (s.ptr[0] | 0x20) == 'x' && (s.ptr[1] | 0x20) == 'n' &&
        s.ptr[2] == '-' && s.ptr[3] == '-') {
        return true;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!maskid_is_letter(s.ptr[i]) ||
            (i > 1 && is_upper(s.ptr[i]) != is_upper(s.ptr[1]))) {
            return false;
        }
    }
    return true;
}

bool maskname_is_host(struct span piece)
{
    size_t tld = 0;
    size_t label_len = 0;
    for (size_t i = 0; i < piece.len; i++) {
        if (piece.ptr[i] != '.') {
            label_len++;
            if (!is_label_char(piece.ptr[i])) {
                return false;
            }
            continue;
        }
        if (label_len == 0) {
            return false;
        }
        label_len = 0;
        tld = i + 1;
    }
    return tld > 0 && piece.ptr[0] != '-' && is_tld(span_skip(piece, tld)) &&
           !is_sentence_end(piece, tld);
}

bool maskname_is_own(const struct template_names *names, struct span name)
{
    for (size_t i = 0; i < names->n_own; i++) {
        if (span_equal_nocase(names->own[i], name)) {
            return true;
        }
    }
    return false;
}

/* May the label that ends at ${end} of ${name} stand in a template? */
static bool label_is_plain(struct span name, size_t end, bool digits_ok)
{
    size_t at = end;
    size_t n_digits = 0;
    while (at > 0 && name.ptr[at - 1] != '.') {
        at--;
        n_digits += maskid_is_digit(name.ptr[at]);
    }
    struct span label = {name.ptr + at, end - at};
    if (n_digits == 0) {
        return label.len <= LONGEST_LABEL;
    }
    return digits_ok && n_digits < 4 && n_digits < label.len &&
           label.len <= LONGEST_LABEL && !maskid_is_random(label);
}

/* Where the part of ${name} begins whose labels are all plain; ${fixed} is
 * the length of the suffix that is kept in any case. */
static size_t plain_from(struct span name, size_t fixed, bool digits_ok)
{
    size_t at = name.len - fixed;
    while (at > 0) {
        size_t end = at;
        if (fixed > 0 || at < name.len) {
            end--; /* the dot */
        }
        if (!label_is_plain(name, end, digits_ok)) {
            break;
        }
        at = end;
        while (at > 0 && name.ptr[at - 1] != '.') {
            at--;
        }
    }
    return at;
}

/* Four labels of digits, as DNSBLs are asked. */
static bool is_reversed_ip(struct span labels)
{
    return labels.len > 0 && netaddr_ipv4(labels) == labels.len;
}

static void add_kept(struct maskout *o, struct span name, size_t suffix_len)
{
    size_t from = plain_from(name, suffix_len, false);
    if (from > 0) {
        bool reversed = is_reversed_ip(span_first(name, from - 1));
        maskout_add(o, reversed ? placeholder_ip : placeholder_host);
        maskout_char(o, '.');
    }
    maskout_add(o, span_skip(name, from));
}

/* "dnsbl.example.net", "rbl2.example.org", "bl.example.com". */
static bool is_list_name(struct span name)
{
    for (size_t i = 0; i + 2 < name.len; i++) {
        char c = (char)(name.ptr[i] | 0x20);
        if (c != 'r' && c != 'b' && c != 'd') {
            continue;
        }
        struct span rest = span_skip(name, i);
        bool starts = i == 0 || name.ptr[i - 1] == '.';
        struct span first = span_first(rest, 3);
        if ((starts && (span_equal_nocase(first, SPAN_LITERAL("rbl")) ||
                           span_equal_nocase(first, SPAN_LITERAL("bl.")))) ||
            (rest.len >= 5 && span_equal_nocase(span_first(rest, 5),
                                  SPAN_LITERAL("dnsbl")))) {
            return true;
        }
    }
    return false;
}

/* After "using", nothing stands for the labels left out: what follows must be
 * a name again when the template is masked again. */
static void add_list(struct maskout *o, const struct template_names *names,
    struct span name, bool named)
{
    size_t from = plain_from(name, 0, true);
    struct span rest = span_skip(name, from);
    if (!maskname_is_host(rest) || span_starts(rest, SPAN_LITERAL("www.")) ||
        maskname_is_own(names, rest) || (!named && !is_list_name(rest))) {
        maskout_add(o, placeholder_host);
        return;
    }
    if (from > 0 && !named) {
        maskout_add(o, placeholder_host);
        maskout_char(o, '.');
    }
    maskout_add(o, rest);
}

void maskname_add(struct maskout *o, const struct template_names *names,
    struct span host, bool named)
{
    if (host.len > LONGEST_KEPT || maskname_is_own(names, host)) {
        maskout_add(o, placeholder_host);
        return;
    }
    size_t suffix_len =
        names->kept != NULL ? suffixes_find(names->kept, host, NULL) : 0;
    if (suffix_len > 0) {
        add_kept(o, host, suffix_len);
    } else if (named || is_list_name(host)) {
        add_list(o, names, host, named);
    } else {
        maskout_add(o, placeholder_host);
    }
}
