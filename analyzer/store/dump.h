/* SPDX-License-Identifier: MIT */
/* store/dump.h - the logical content of a store, as text. */
#ifndef STORE_DUMP_H
#define STORE_DUMP_H

#include "store/store.h"

#include <stdio.h>

/**
 * dump_write(s, out):
 * Write to ${out} what ${s} holds, one row a line, "TABLE<TAB>key...<TAB>
 * counts", sorted by natural keys: without ids, without paths, summed over
 * sources, with senders attributed and duplicates left out.  Any division of
 * the same lines into files, read in any order, gives the same dump.  Bytes
 * below 0x20, 0x7f, U+0080 to U+009F and the backslash are written as \t, \n,
 * \\ or \xNN.
 * False, having reported the reason, if ${s} cannot be read; whether ${out}
 * took it all is the caller's to check.
 */
bool dump_write(struct store *s, FILE *out);

#endif
