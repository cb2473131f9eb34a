/* SPDX-License-Identifier: MIT */
/*
 * zstd frames (RFC 8878) behind each other, and skippable frames between
 * them.  A frame that is still being written, as KumoMTA leaves its newest
 * segment, gives the blocks that are complete.
 *
 * A call that fails delivers nothing, not even blocks that it decoded before
 * the failure.  So each call gets no more input than the library says it
 * wants next, without the block header that it would like to have with the
 * block: then the call that fails is one that had nothing to deliver.
 */
#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { MAGIC_LEN = 4, BLOCK_HEADER_LEN = 3 };

struct zstd {
    ZSTD_DCtx *context;
    size_t wanted; /* bytes of input */
};

/* Frames begin with 28 b5 2f fd, skippable ones with 5x 2a 4d 18. */
static bool matches(struct span head)
{
    if (head.len < MAGIC_LEN) {
        return false;
    }
    return memcmp(head.ptr, "\x28\xb5\x2f\xfd", MAGIC_LEN) == 0 ||
           (((unsigned char)head.ptr[0] & 0xf0) == 0x50 &&
               memcmp(head.ptr + 1, "\x2a\x4d\x18", MAGIC_LEN - 1) == 0);
}

static void *create(struct decoder *d)
{
    (void)d;
    struct zstd *z = memory_zalloc(1, sizeof(*z));
    z->context = ZSTD_createDCtx();
    if (z->context == NULL) {
        diag_error("out of memory");
        exit(4);
    }
    /* Refused only where an address has 32 bits; the default serves there. */
    (void)ZSTD_DCtx_setParameter(
        z->context, ZSTD_d_windowLogMax, LIMIT_ZSTD_WINDOW_LOG);
    return z;
}

static bool begin(struct decoder *d)
{
    struct zstd *z = d->state;
    ZSTD_DCtx_reset(z->context, ZSTD_reset_session_only);
    z->wanted = MAGIC_LEN;
    return true;
}

static const char *reason(size_t rc)
{
    switch (ZSTD_getErrorCode(rc)) {
    case ZSTD_error_checksum_wrong:
        return "checksum mismatch";
    case ZSTD_error_frameParameter_windowTooLarge:
        return "window larger than the limit";
    case ZSTD_error_memory_allocation:
        return "not enough memory for the window";
    case ZSTD_error_dictionary_wrong:
        return "made with a dictionary";
    default:
        return "corrupt data";
    }
}

static enum codec_status step(struct decoder *d, struct codec_io *io)
{
    struct zstd *z = d->state;
    size_t want =
        z->wanted > BLOCK_HEADER_LEN ? z->wanted - BLOCK_HEADER_LEN : z->wanted;
    ZSTD_inBuffer in = {io->in, io->in_len < want ? io->in_len : want, 0};
    ZSTD_outBuffer out = {io->out, io->out_len, 0};
    size_t rc = ZSTD_decompressStream(z->context, &out, &in);
    d->feed.start += in.pos;
    io->out += out.pos;
    io->out_len -= out.pos;
    if (ZSTD_isError(rc)) {
        decoder_fail(d, reason(rc));
        return CODEC_CORRUPT;
    }
    z->wanted = rc;
    return rc == 0 ? CODEC_END : CODEC_MORE;
}

static void free_zstd(void *state)
{
    struct zstd *z = state;
    ZSTD_freeDCtx(z->context);
    free(z);
}

const struct decoder_ops decoder_zstd_ops = {
    .name = "zstd",
    .matches = matches,
    .magic_len = MAGIC_LEN,
    .magic_byte = 0x28,
    .create = create,
    .begin = begin,
    .step = step,
    .free = free_zstd,
};
