/* SPDX-License-Identifier: MIT */
/* input/identity.h - what makes a log stream itself: its content. */
#ifndef INPUT_IDENTITY_H
#define INPUT_IDENTITY_H

#include "base/span.h"

/*
 * A source is known by the bytes that were consumed of it, uncompressed:
 *  head     XXH3-128 of the first LIMIT_HEAD_LEN of them (or of all, if they
 *           are fewer), which finds the sources that may be the same;
 *  content  XXH3-128 of all of them, which proves it;
 *  marks    XXH3-64 of the first LIMIT_MARK_LEN, of the first
 *           2 * LIMIT_MARK_LEN, … up to LIMIT_MARKED_LEN, and from there each
 *           LIMIT_SPARSE_MARK_LEN, which tell an older, shorter copy from
 *           another source that begins alike.
 * Digests of 128 bits are stored as 16 bytes, big-endian (XXH128_canonical_t);
 * a mark is 8 bytes, little-endian.  None of them depends on how the bytes
 * were cut into blocks.
 */
enum { IDENTITY_DIGEST_LEN = 16, IDENTITY_MARK_BYTES = 8 };

struct identity;

/** identity_create(): The identity of nothing yet; identity_free() ends it. */
struct identity *identity_create(void);

/** identity_add(id, bytes): ${bytes} were consumed. */
void identity_add(struct identity *id, struct span bytes);

/** identity_offset(id): How many bytes were consumed. */
uint64_t identity_offset(const struct identity *id);

/** identity_content(id, digest): Write the digest of all that was consumed to
 * ${digest} (IDENTITY_DIGEST_LEN bytes). */
void identity_content(const struct identity *id, unsigned char *digest);

/** identity_head(id, digest): Write the digest of the head to ${digest}
 * (IDENTITY_DIGEST_LEN bytes); return how many bytes it covers. */
size_t identity_head(const struct identity *id, unsigned char *digest);

/**
 * identity_digest(bytes, digest):
 * Write the digest of just ${bytes} to ${digest} (IDENTITY_DIGEST_LEN bytes):
 * what identity_head() or identity_content() would say of them.  With the
 * first bytes of a file, cut to the head lengths that are known, it finds
 * the sources to compare with.
 */
void identity_digest(struct span bytes, unsigned char *digest);

/** identity_marks(id): The marks so far, IDENTITY_MARK_BYTES each, for the
 * store.  Valid until ${id} changes. */
struct span identity_marks(const struct identity *id);

/**
 * identity_expect(id, offset, digest):
 * Ask whether the content at ${offset} will be ${digest}
 * (IDENTITY_DIGEST_LEN bytes, copied).  To be called before more than
 * ${offset} bytes were consumed.  Returns the number to ask
 * identity_matched() with: 0, 1, 2, …
 */
size_t identity_expect(
    struct identity *id, uint64_t offset, const unsigned char *digest);

/** identity_matched(id, n): True if expectation ${n} was reached and its
 * digest was right. */
bool identity_matched(const struct identity *id, size_t n);

/**
 * identity_matches_marks(id, marks):
 * Compare with the ${marks} of a known source.  Return how many bytes are
 * proven to be the same: up to the last mark that both have, or 0 if one of
 * these differs.
 */
uint64_t identity_matches_marks(const struct identity *id, struct span marks);

/**
 * identity_is_older(id, marks):
 * True if what was consumed agrees with all the ${marks} that a longer, known
 * source has for as many bytes (none, if it was read before there were such
 * marks): an older copy of it.  The head is not looked at.
 */
bool identity_is_older(const struct identity *id, struct span marks);

/**
 * identity_save(id), identity_restore(id):
 * Remember this point, and go back to the one that was remembered last, as
 * if nothing had been consumed since.
 */
void identity_save(struct identity *id);
void identity_restore(struct identity *id);

/** identity_free(id): End ${id}.  NULL does nothing. */
void identity_free(struct identity *id);

#endif
