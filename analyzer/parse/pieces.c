/* SPDX-License-Identifier: MIT */
#include "parse/pieces.h"

bool pieces_begin_reply(struct span s)
{
    int64_t code = 0;
    bool coded = s.len >= 4 && (s.ptr[3] == ' ' || s.ptr[3] == '-') &&
                 span_number(span_first(s, 3), &code) && code >= 200 &&
                 code < 600;
    return coded || (s.len > 0 && s.ptr[0] == '[');
}

/* Where the first of the replies in ${s} ends: the separator may be part of
 * one, but then no other reply follows it. */
static size_t reply_end(struct span s, struct span separator)
{
    size_t end = span_find(s, separator);
    while (
        end < s.len && !pieces_begin_reply(span_skip(s, end + separator.len))) {
        end += separator.len;
        end += span_find(span_skip(s, end), separator);
    }
    return end;
}

/* The first ${end} bytes of ${rest}, which is advanced behind the separator. */
static struct span cut_piece(
    struct span *rest, size_t end, struct span separator)
{
    struct span piece = span_trim(span_first(*rest, end));
    *rest = end < rest->len ? span_skip(*rest, end + separator.len) : SPAN_NONE;
    if (piece.len >= 2 && piece.ptr[0] == '<' &&
        piece.ptr[piece.len - 1] == '>') {
        piece = (struct span){piece.ptr + 1, piece.len - 2};
    }
    return piece;
}

struct span pieces_take(struct span *rest, struct span separator)
{
    return cut_piece(rest, span_find(*rest, separator), separator);
}

struct span pieces_take_reply(struct span *rest, struct span separator)
{
    return cut_piece(rest, reply_end(*rest, separator), separator);
}

size_t pieces_count(struct span s, struct span separator)
{
    size_t n = 0;
    while (span_is_known(s)) {
        pieces_take(&s, separator);
        n++;
    }
    return n;
}

size_t pieces_count_replies(struct span s, struct span separator)
{
    size_t n = 0;
    while (span_is_known(s)) {
        pieces_take_reply(&s, separator);
        n++;
    }
    return n;
}

bool pieces_have(struct span values, struct span value)
{
    while (span_is_known(values)) {
        if (span_equal(value, pieces_take(&values, SPAN_LITERAL("|")))) {
            return true;
        }
    }
    return false;
}
