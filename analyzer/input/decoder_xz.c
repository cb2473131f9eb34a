/* SPDX-License-Identifier: MIT */
/* xz streams (the .xz file format, 1.2.0) behind each other. */
#include "base/limits.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <lzma.h>
#include <stdlib.h>

enum { MAGIC_LEN = 6 };

static bool matches(struct span head)
{
    return head.len >= MAGIC_LEN &&
           memcmp(head.ptr, "\xfd\x37\x7a\x58\x5a\x00", MAGIC_LEN) == 0;
}

static void *create(struct decoder *d)
{
    (void)d;
    lzma_stream *z = memory_alloc(sizeof(*z));
    *z = (lzma_stream)LZMA_STREAM_INIT;
    return z;
}

static const char *reason(lzma_ret rc)
{
    switch (rc) {
    case LZMA_MEMLIMIT_ERROR:
        return "needs more memory than the limit";
    case LZMA_MEM_ERROR:
        return "not enough memory";
    case LZMA_OPTIONS_ERROR:
        return "unsupported xz options";
    default:
        return "corrupt data";
    }
}

static bool begin(struct decoder *d)
{
    lzma_ret rc = lzma_stream_decoder(d->state, LIMIT_XZ_MEMORY, 0);
    if (rc != LZMA_OK) {
        decoder_fail(d, reason(rc));
    }
    return rc == LZMA_OK;
}

static enum codec_status step(struct decoder *d, struct codec_io *io)
{
    lzma_stream *z = d->state;
    z->next_in = io->in;
    z->avail_in = io->in_len;
    z->next_out = io->out;
    z->avail_out = io->out_len;
    lzma_ret rc = lzma_code(z, LZMA_RUN);
    d->feed.start += io->in_len - z->avail_in;
    io->out = z->next_out;
    io->out_len = z->avail_out;
    if (rc == LZMA_STREAM_END) {
        return CODEC_END;
    }
    /* LZMA_BUF_ERROR: it can do nothing with what it was given. */
    if (rc == LZMA_OK || rc == LZMA_BUF_ERROR) {
        return CODEC_MORE;
    }
    decoder_fail(d, reason(rc));
    return CODEC_CORRUPT;
}

static void free_xz(void *state)
{
    lzma_end(state);
    free(state);
}

const struct decoder_ops decoder_xz_ops = {
    .name = "xz",
    .matches = matches,
    .magic_len = MAGIC_LEN,
    .magic_byte = 0xfd,
    .create = create,
    .begin = begin,
    .step = step,
    .free = free_xz,
};
