/* SPDX-License-Identifier: MIT */
/* bzip2 streams behind each other, as FreeBSD's newsyslog and pbzip2 write
 * them. */
#include "base/diag.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>

enum { MAGIC_LEN = 10 };

struct bzip2 {
    bz_stream stream;
    bool begun;
};

/* "BZh", the block size, and the magic number of a block or of the end: a
 * text may well begin with the first four. */
static bool matches(struct span head)
{
    return head.len >= MAGIC_LEN && memcmp(head.ptr, "BZh", 3) == 0 &&
           head.ptr[3] >= '1' && head.ptr[3] <= '9' &&
           (memcmp(head.ptr + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
               memcmp(head.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static void *create(struct decoder *d)
{
    (void)d;
    return memory_zalloc(1, sizeof(struct bzip2));
}

static bool begin(struct decoder *d)
{
    struct bzip2 *z = d->state;
    if (z->begun) {
        BZ2_bzDecompressEnd(&z->stream);
    }
    z->stream = (bz_stream){.next_in = NULL};
    if (BZ2_bzDecompressInit(&z->stream, 0, 0) != BZ_OK) {
        diag_error("out of memory");
        exit(4);
    }
    z->begun = true;
    return true;
}

static unsigned clamp(size_t len)
{
    return len < UINT_MAX ? (unsigned)len : UINT_MAX;
}

static enum codec_status step(struct decoder *d, struct codec_io *io)
{
    bz_stream *s = &((struct bzip2 *)d->state)->stream;
    const unsigned in_len = clamp(io->in_len);
    const unsigned out_len = clamp(io->out_len);
    /* The library does not write to its input. */
    s->next_in = (char *)(uintptr_t)io->in;
    s->avail_in = in_len;
    s->next_out = (char *)io->out;
    s->avail_out = out_len;
    int rc = BZ2_bzDecompress(s);
    d->feed.start += in_len - s->avail_in;
    io->out += out_len - s->avail_out;
    io->out_len -= out_len - s->avail_out;
    if (rc == BZ_STREAM_END) {
        return CODEC_END;
    }
    return rc == BZ_OK ? CODEC_MORE : CODEC_CORRUPT;
}

static void free_bzip2(void *state)
{
    struct bzip2 *z = state;
    if (z->begun) {
        BZ2_bzDecompressEnd(&z->stream);
    }
    free(z);
}

const struct decoder_ops decoder_bzip2_ops = {
    .name = "bzip2",
    .matches = matches,
    .magic_len = MAGIC_LEN,
    .magic_byte = 'B',
    .create = create,
    .begin = begin,
    .step = step,
    .free = free_bzip2,
};
