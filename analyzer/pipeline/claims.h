/* SPDX-License-Identifier: MIT */
/* pipeline/claims.h - one log stream is read by one worker at a time. */
#ifndef PIPELINE_CLAIMS_H
#define PIPELINE_CLAIMS_H

#include "base/span.h"

/*
 * Two files of one run may hold the same stream (mail.log.1 and a compressed
 * copy).  The second is recognised by what the first has left in the store,
 * so it must wait for it.  Streams that begin with the same line may be the
 * same.
 */
struct claims;

/** claims_create(n): For ${n} workers; claims_free() ends it. */
struct claims *claims_create(size_t n);

/** claims_take(c, worker, first_line): Wait until no other worker reads a
 * stream that begins with ${first_line}, then claim it for ${worker}. */
void claims_take(struct claims *c, size_t worker, struct span first_line);

/** claims_release(c, worker): Give up what ${worker} claimed, if anything. */
void claims_release(struct claims *c, size_t worker);

/** claims_free(c): NULL does nothing. */
void claims_free(struct claims *c);

#endif
