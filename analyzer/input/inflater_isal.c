/* SPDX-License-Identifier: MIT */
/*
 * ISA-L decodes straight into the caller's block, but for the first bytes of
 * each call, which go through its history buffer of 64 KiB: large blocks are
 * therefore cheaper.
 *
 * It fetches eight bytes at a time.  What it fetched and did not need at the
 * end of a stream is given back here.
 */
#include "input/inflater.h"

#ifndef INFLATE_ZLIB

#include "base/memory.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct inflater {
    struct inflate_state state;
    bool corrupt; /* only what was decoded before is still to be delivered */
};

struct inflater *inflater_create(void)
{
    struct inflater *z = memory_alloc(sizeof(*z));
    isal_inflate_init(&z->state);
    inflater_reset(z);
    return z;
}

void inflater_reset(struct inflater *z)
{
    isal_inflate_reset(&z->state);
    z->state.crc_flag = ISAL_DEFLATE;
    z->corrupt = false;
}

/* After an error ISA-L delivers no more, though its history buffer may hold
 * sound bytes for which the caller's block had no room. */
static void drain(struct inflate_state *s, struct codec_io *io)
{
    size_t n = (size_t)(s->tmp_out_valid - s->tmp_out_processed);
    if (n > io->out_len) {
        n = io->out_len;
    }
    memcpy(io->out, s->tmp_out_buffer + s->tmp_out_processed, n);
    s->tmp_out_processed += (int32_t)n;
    io->out += n;
    io->out_len -= n;
}

static enum codec_status drain_corrupt(struct inflater *z, struct codec_io *io)
{
    struct inflate_state *s = &z->state;
    z->corrupt = true;
    drain(s, io);
    return s->tmp_out_processed < s->tmp_out_valid ? CODEC_MORE : CODEC_CORRUPT;
}

static uint32_t clamp(size_t len)
{
    return len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
}

enum codec_status inflater_step(struct inflater *z, struct codec_io *io)
{
    struct inflate_state *s = &z->state;
    if (z->corrupt) {
        return drain_corrupt(z, io);
    }
    const uint32_t in_len = clamp(io->in_len);
    const uint32_t out_len = clamp(io->out_len);
    /* The library does not write to its input. */
    s->next_in = (uint8_t *)(uintptr_t)io->in;
    s->avail_in = in_len;
    s->next_out = io->out;
    s->avail_out = out_len;
    int rc = isal_inflate(s);
    /* By pointers, because the library may step back before io->in. */
    io->in_len = io->in_len - in_len + s->avail_in;
    io->in = s->next_in;
    io->out_len -= (size_t)(s->next_out - io->out);
    io->out = s->next_out;
    if (rc != ISAL_DECOMP_OK) {
        return drain_corrupt(z, io);
    }
    if (s->block_state != ISAL_BLOCK_FINISH) {
        return CODEC_MORE;
    }
    size_t unused = s->read_in_length > 0 ? (size_t)s->read_in_length / 8 : 0;
    io->in -= unused;
    io->in_len += unused;
    s->read_in_length = 0;
    return CODEC_END;
}

uint32_t inflater_crc32(uint32_t crc, const unsigned char *bytes, size_t len)
{
    return crc32_gzip_refl(crc, bytes, len);
}

void inflater_free(struct inflater *z)
{
    free(z);
}

#endif
