/* SPDX-License-Identifier: MIT */
/* mail/token.h - what stands for a local part until it is known what to hide.
 */
#ifndef MAIL_TOKEN_H
#define MAIL_TOKEN_H

#include "base/span.h"

/*
 * A token is "u" and the XXH3-64 of a local part, in lower case, as 16
 * hexadecimal digits.  It serves where lines are kept to be read again: two of
 * one address are equal, and a word in a text can be compared with it.
 */
enum { TOKEN_LEN = 17 };

/** token_make(local, out): The token of ${local} in ${out} (TOKEN_LEN bytes);
 * a token gives itself. */
struct span token_make(struct span local, char *out);

/** token_is(s): True if ${s} looks like one. */
bool token_is(struct span s);

/** token_stands_for(token, word): True if ${word} is what ${token} was made
 * of, ASCII case ignored. */
bool token_stands_for(struct span token, struct span word);

/**
 * token_begins(local):
 * How much of ${local} stays before its token: up to an apostrophe in it, which
 * parts words wherever texts are read ("o'" of "o'brien").
 */
size_t token_begins(struct span local);

#endif
