/* SPDX-License-Identifier: MIT */
/*
 * xz streams (the .xz file format, 1.2.0) behind each other.
 *
 * A stream that was made of several blocks with their sizes ("xz -T0", pixz)
 * is decoded by several threads; any other by one, in the calling thread.
 * Threads need each a block's input and output in memory: as far as
 * LIMIT_XZ_THREADS_MEMORY does not suffice, liblzma takes fewer of them.
 */
#include "base/limits.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <lzma.h>
#include <stdlib.h>
#include <unistd.h>

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

static uint32_t count_threads(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > LIMIT_XZ_THREADS ? LIMIT_XZ_THREADS : (uint32_t)n;
}

static bool begin(struct decoder *d)
{
    lzma_mt options = {.threads = count_threads(),
        .memlimit_stop = LIMIT_XZ_MEMORY,
        .memlimit_threading = LIMIT_XZ_THREADS_MEMORY};
    lzma_ret rc = lzma_stream_decoder_mt(d->state, &options);
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
    /* Only when it knows that no more input comes does it wait for what its
     * threads still hold. */
    lzma_ret rc = lzma_code(z, d->feed.at_end ? LZMA_FINISH : LZMA_RUN);
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
