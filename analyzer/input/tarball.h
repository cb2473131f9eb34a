/* SPDX-License-Identifier: MIT */
/* input/tarball.h - the files of a tar archive, one behind another. */
#ifndef INPUT_TARBALL_H
#define INPUT_TARBALL_H

#include "base/span.h"
#include "input/decoder.h"

/*
 * Every kind of tar that libarchive reads (v7, ustar, pax, GNU), also several
 * behind each other.  Its bytes come from a decoder, so that the archive may
 * be compressed, or lie in another one.  Read as a stream: nothing is kept of
 * a member but its name.
 */
struct tarball;

/* A regular file.  Directories, links, devices and the like are passed over:
 * a hard link's content was there under the first name. */
struct tarball_member {
    const char *name; /* as the archive has it, hostile; until the next one */
    int64_t mtime;    /* seconds since 1970; 0: unknown */
    bool sparse;      /* has holes, which may be exabytes: not to be read */
};

/** tarball_matches(head): True if the bytes that begin with ${head}, of which
 * it should hold 512, are a tar archive: by "ustar", or for the older format
 * by the checksum of the first header. */
bool tarball_matches(struct span head);

/** tarball_open(d): The archive in ${d}, which is borrowed, is at its first
 * byte, and must outlive it.  tarball_close() ends it. */
struct tarball *tarball_open(struct decoder *d);

/** tarball_next(t, member): Go to the next regular file; false at the end, or
 * if tarball_damage() says so. */
bool tarball_next(struct tarball *t, struct tarball_member *member);

/**
 * tarball_member_open(t, path):
 * A decoder over the content of the member that tarball_next() gave last,
 * which goes by ${path}; a compressed member is decoded.  The caller ends it
 * with decoder_close() before the next tarball_next().
 */
struct decoder *tarball_member_open(struct tarball *t, const char *path);

/**
 * tarball_damage(t):
 * NULL, or what is wrong with the archive: "unexpected end of file", "corrupt
 * data", or what its decoder says.  Where a header is damaged, reading goes
 * on with the next one that is not.
 */
const char *tarball_damage(const struct tarball *t);

/** tarball_close(t): End ${t}.  NULL does nothing. */
void tarball_close(struct tarball *t);

#endif
