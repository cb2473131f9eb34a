/* SPDX-License-Identifier: MIT */
/* The portable path, and the reference for the tests. */
#include "input/inflater.h"

#ifdef INFLATE_ZLIB

#define ZLIB_CONST /* next_in points to const */
#include "base/diag.h"
#include "base/memory.h"

#include <stdlib.h>
#include <zlib.h>

struct inflater {
    z_stream stream;
};

struct inflater *inflater_create(void)
{
    struct inflater *z = memory_zalloc(1, sizeof(*z));
    /* Negative: raw deflate.  Only memory can fail here. */
    if (inflateInit2(&z->stream, -MAX_WBITS) != Z_OK) {
        diag_error("out of memory");
        exit(4);
    }
    return z;
}

void inflater_reset(struct inflater *z)
{
    inflateReset(&z->stream);
}

static uInt clamp(size_t len)
{
    return len < UINT32_MAX ? (uInt)len : UINT32_MAX;
}

enum codec_status inflater_step(struct inflater *z, struct codec_io *io)
{
    z_stream *s = &z->stream;
    const uInt in_len = clamp(io->in_len);
    const uInt out_len = clamp(io->out_len);
    s->next_in = io->in;
    s->avail_in = in_len;
    s->next_out = io->out;
    s->avail_out = out_len;
    int rc = inflate(s, Z_NO_FLUSH);
    io->in += in_len - s->avail_in;
    io->in_len -= in_len - s->avail_in;
    io->out += out_len - s->avail_out;
    io->out_len -= out_len - s->avail_out;
    if (rc == Z_STREAM_END) {
        return CODEC_END;
    }
    return rc == Z_OK || rc == Z_BUF_ERROR ? CODEC_MORE : CODEC_CORRUPT;
}

uint32_t inflater_crc32(uint32_t crc, const unsigned char *bytes, size_t len)
{
    return (uint32_t)crc32_z(crc, bytes, len);
}

void inflater_free(struct inflater *z)
{
    if (z == NULL) {
        return;
    }
    inflateEnd(&z->stream);
    free(z);
}

#endif
