/* SPDX-License-Identifier: MIT */
/* input/inflater.h - raw deflate data (RFC 1951), by ISA-L or by zlib. */
#ifndef INPUT_INFLATER_H
#define INPUT_INFLATER_H

#include "base/span.h"
#include "input/codec.h"

/*
 * Two implementations of one contract, chosen when the program is built:
 * inflater_isal.c, and inflater_zlib.c with -DINFLATE_ZLIB.  Both deliver the
 * same bytes for sound data, and never different ones in the same place.
 * Before damage one of them may stop earlier: where the data end in the
 * middle, ISA-L decodes two or three symbols in one step and gives none of
 * them if the last is cut off (one byte less, as measured); where they are
 * corrupt, ISA-L takes some incomplete Huffman codes that zlib refuses, and
 * so goes on with wrong bytes for a while (up to about 1 KiB, as measured).
 */
struct inflater;

/** inflater_create(): Ready for a first stream; inflater_free() ends it. */
struct inflater *inflater_create(void);

/** inflater_reset(z): Ready for the next stream. */
void inflater_reset(struct inflater *z);

/**
 * inflater_step(z, io):
 * Decode from io->in to io->out until one of them is used up, the stream
 * ends, or the data turn out corrupt.  At CODEC_END io->in stands behind
 * the last byte of the stream, which may lie up to eight bytes before where
 * it stood at the call: those bytes must still be there.
 */
enum codec_status inflater_step(struct inflater *z, struct codec_io *io);

/** inflater_crc32(crc, bytes, len): Go on with the CRC-32 of RFC 1952 (first
 * ${crc}: 0) over ${len} bytes. */
uint32_t inflater_crc32(uint32_t crc, const unsigned char *bytes, size_t len);

/** inflater_free(z): End ${z}.  NULL does nothing. */
void inflater_free(struct inflater *z);

#endif
