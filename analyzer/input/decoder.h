/* SPDX-License-Identifier: MIT */
/* input/decoder.h - one log as plain bytes, however it is compressed. */
#ifndef INPUT_DECODER_H
#define INPUT_DECODER_H

#include "base/span.h"
#include "input/feed.h"

/*
 * A decoder belongs to one thread at a time.  What it needs is bounded: fixed
 * blocks of less than 1 MiB, and what the container itself asks for: the
 * window of zstd and xz, up to LIMIT_ZSTD_WINDOW_LOG and LIMIT_XZ_MEMORY, and
 * the blocks of bzip2 and lz4, less than 10 MiB.
 */
struct decoder;

/**
 * decoder_open(path):
 * Open ${path} ("-" is standard input), choosing the container by its first
 * bytes, not by its name.  Return NULL, having reported the reason, if the
 * file cannot be opened or read at all.  decoder_close() ends the decoder.
 */
struct decoder *decoder_open(const char *path);

/**
 * decoder_open_reader(reader, path):
 * The same for the bytes that ${reader} gives, called ${path}: a member of an
 * archive.  The reader's context is borrowed and must outlive the decoder.
 * Never fails: what ->failure() says becomes the decoder's damage.
 */
struct decoder *decoder_open_reader(
    const struct feed_reader *reader, const char *path);

/**
 * decoder_peek(d):
 * The first decoded bytes, DECODER_PEEK_LEN of them or all there are; they
 * stay to be read.  To be called before decoder_read(), until which the
 * bytes are valid.
 */
enum { DECODER_PEEK_LEN = 512 };
struct span decoder_peek(struct decoder *d);

/**
 * decoder_read(d, out, cap):
 * Store the next decoded bytes in ${out}: ${cap} of them (> 0) unless the
 * file ends before.  Return their number; 0 only at the end.  Damage is no
 * error here: all that decoded before it is delivered, then the data end,
 * and decoder_damage() says why.
 */
size_t decoder_read(struct decoder *d, char *out, size_t cap);

/**
 * decoder_damage(d):
 * NULL while all is well, else what ended the data before their time:
 * "unexpected end of file", "corrupt data", "checksum mismatch", … The text
 * lives as long as ${d}.  The damage was noticed at decoder_offset().  Bytes
 * before an "unexpected end of file" are right.  Changed bytes may decode to
 * something for a while: after "corrupt data" the last bytes before the
 * offset may be wrong, after "checksum mismatch" any of that member.
 */
const char *decoder_damage(const struct decoder *d);

/** decoder_is_corrupt(d): True if bytes that were delivered may be wrong,
 * rather than followed by others that are missing. */
bool decoder_is_corrupt(const struct decoder *d);

/** decoder_read_failed(d): True if the damage is none of the file's, but a
 * failed read() that may succeed another time. */
bool decoder_read_failed(const struct decoder *d);

/** decoder_note(d): NULL, or what was strange and lost no data, such as
 * "trailing garbage ignored". */
const char *decoder_note(const struct decoder *d);

/** decoder_container(d): "plain", "gzip", "zstd", "xz", "bzip2", "lz4",
 * "compress". */
const char *decoder_container(const struct decoder *d);

/** decoder_offset(d): How many decoded bytes were delivered. */
uint64_t decoder_offset(const struct decoder *d);

/** decoder_compressed_offset(d): How many bytes of the file were taken. */
uint64_t decoder_compressed_offset(const struct decoder *d);

/** decoder_size(d): Length of the file, for the progress; -1 if it is not
 * a regular file.  A file that is being written may turn out longer. */
int64_t decoder_size(const struct decoder *d);

/**
 * decoder_shows_truncation(d):
 * True unless the container (compress) ends wherever its bytes do, so that
 * data cut short pass for whole.
 */
bool decoder_shows_truncation(const struct decoder *d);

/**
 * decoder_mtime_hint(d):
 * When the container says its content was last changed (the first gzip
 * header's MTIME, RFC 1952, 2.3.1), in seconds since 1970; 0 if unknown.
 * Known as soon as the decoder is open.
 */
int64_t decoder_mtime_hint(const struct decoder *d);

/** decoder_close(d): End ${d}.  NULL does nothing. */
void decoder_close(struct decoder *d);

#endif
