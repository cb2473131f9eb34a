/* SPDX-License-Identifier: MIT */
#include "mail/token.h"

enum { LONGEST = 320, N_DIGITS = TOKEN_LEN - 1 };

static bool is_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool token_is(struct span s)
{
    bool is = s.len == TOKEN_LEN && s.ptr[0] == 'u';
    for (size_t i = 1; is && i < s.len; i++) {
        is = is_digit(s.ptr[i]);
    }
    return is;
}

struct span token_make(struct span local, char *out)
{
    static const char digits[] = "0123456789abcdef";
    char lower[LONGEST];
    if (token_is(local)) {
        memcpy(out, local.ptr, TOKEN_LEN);
        return (struct span){out, TOKEN_LEN};
    }
    local.len = local.len < LONGEST ? local.len : LONGEST;
    span_lower(local, lower);
    uint64_t hash = span_hash((struct span){lower, local.len});
    out[0] = 'u';
    for (int i = 0; i < N_DIGITS; i++) {
        out[1 + i] = digits[hash >> (60 - 4 * i) & 15];
    }
    return (struct span){out, TOKEN_LEN};
}

bool token_stands_for(struct span token, struct span word)
{
    char made[TOKEN_LEN];
    return token_is(token) && span_equal(token_make(word, made), token);
}

size_t token_begins(struct span local)
{
    size_t n = local.len;
    if (local.len > 0 && local.ptr[0] == '"') {
        return 0;
    }
    while (n > 0 && local.ptr[n - 1] != '\'') {
        n--;
    }
    return n;
}
