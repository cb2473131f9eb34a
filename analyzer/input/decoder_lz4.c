/* SPDX-License-Identifier: MIT */
/*
 * LZ4 frames (LZ4 Frame Format, 1.6.3) behind each other.
 *
 * As with zstd, a call that fails delivers nothing, so that each call gets
 * one block or one block header and never more.
 */
#include "base/diag.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <lz4frame.h>
#include <stdlib.h>

enum { MAGIC_LEN = 4, BLOCK_HEADER_LEN = 4 };

struct lz4 {
    LZ4F_dctx *context;
    size_t wanted; /* bytes of input */
};

/* Skippable frames look the same in zstd, which is asked first. */
static bool matches(struct span head)
{
    return head.len >= MAGIC_LEN &&
           memcmp(head.ptr, "\x04\x22\x4d\x18", MAGIC_LEN) == 0;
}

static void *create(struct decoder *d)
{
    (void)d;
    struct lz4 *z = memory_zalloc(1, sizeof(*z));
    if (LZ4F_isError(
            LZ4F_createDecompressionContext(&z->context, LZ4F_VERSION))) {
        diag_error("out of memory");
        exit(4);
    }
    return z;
}

static bool begin(struct decoder *d)
{
    struct lz4 *z = d->state;
    LZ4F_resetDecompressionContext(z->context);
    z->wanted = LZ4F_HEADER_SIZE_MIN;
    return true;
}

static enum codec_status step(struct decoder *d, struct codec_io *io)
{
    struct lz4 *z = d->state;
    size_t in_len =
        z->wanted > BLOCK_HEADER_LEN ? z->wanted - BLOCK_HEADER_LEN : z->wanted;
    if (in_len > io->in_len) {
        in_len = io->in_len;
    }
    size_t out_len = io->out_len;
    size_t rc =
        LZ4F_decompress(z->context, io->out, &out_len, io->in, &in_len, NULL);
    if (LZ4F_isError(rc)) {
        /* The library keeps the numbers of its errors to itself. */
        if (strstr(LZ4F_getErrorName(rc), "Checksum_invalid") != NULL) {
            decoder_fail(d, "checksum mismatch");
        }
        return CODEC_CORRUPT;
    }
    d->feed.start += in_len;
    io->out += out_len;
    io->out_len -= out_len;
    z->wanted = rc;
    return rc == 0 ? CODEC_END : CODEC_MORE;
}

static void free_lz4(void *state)
{
    struct lz4 *z = state;
    LZ4F_freeDecompressionContext(z->context);
    free(z);
}

const struct decoder_ops decoder_lz4_ops = {
    .name = "lz4",
    .matches = matches,
    .magic_len = MAGIC_LEN,
    .magic_byte = 0x04,
    .create = create,
    .begin = begin,
    .step = step,
    .free = free_lz4,
};
