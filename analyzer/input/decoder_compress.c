/* SPDX-License-Identifier: MIT */
/*
 * compress(1), the ".Z" of old Unix, through libarchive's filter.
 *
 * libarchive pulls where the other codecs are pushed: it takes the file's
 * bytes by a callback, from the feed into a block of its own, because the
 * feed may be refilled while libarchive still looks at them.
 *
 * The format has neither a length nor a checksum, nor an end: what was cut
 * off cannot be noticed, nothing can follow such a stream, and every byte up
 * to the end of the file belongs to it.
 */
#include "base/diag.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

enum {
    MAGIC_LEN = 3,
    MAGIC_1 = 0x1f,
    MAGIC_2 = 0x9d,
    CODE_BITS = 0x1f, /* of the third byte: the longest code */
    RESERVED = 0x60,
    LEAST_BITS = 9,
    MOST_BITS = 16,
    BLOCK_LEN = 64 * 1024
};

struct compress {
    struct archive *archive; /* NULL before ->begin() */
    bool empty;              /* no code follows the magic */
    struct span rest;        /* decoded and not given out yet */
    char block[BLOCK_LEN];   /* what libarchive reads from */
};

static bool matches(struct span head)
{
    if (head.len < MAGIC_LEN) {
        return false;
    }
    const unsigned char *h = (const unsigned char *)head.ptr;
    int bits = h[2] & CODE_BITS;
    return h[0] == MAGIC_1 && h[1] == MAGIC_2 && (h[2] & RESERVED) == 0 &&
           bits >= LEAST_BITS && bits <= MOST_BITS;
}

static void *create(struct decoder *d)
{
    (void)d;
    return memory_zalloc(1, sizeof(struct compress));
}

static la_ssize_t read_feed(
    struct archive *a, void *context, const void **block)
{
    struct decoder *d = context;
    struct compress *z = d->state;
    size_t n = feed_read(&d->feed, z->block, BLOCK_LEN);
    *block = z->block;
    if (n == 0 && d->feed.error != 0) {
        archive_set_error(a, EIO, "read error");
        return -1;
    }
    return (la_ssize_t)n;
}

static bool begin(struct decoder *d)
{
    struct compress *z = d->state;
    z->archive = archive_read_new();
    if (z->archive == NULL) {
        diag_error("out of memory");
        exit(4);
    }
    struct archive_entry *entry = NULL;
    archive_read_support_filter_compress(z->archive);
    archive_read_support_format_raw(z->archive);
    archive_read_support_format_empty(z->archive);
    int code = archive_read_open(z->archive, d, NULL, read_feed, NULL);
    if (code == ARCHIVE_OK) {
        code = archive_read_next_header(z->archive, &entry);
    }
    z->empty = code == ARCHIVE_EOF;
    if (code != ARCHIVE_OK && code != ARCHIVE_EOF) {
        decoder_fail(d, "corrupt data");
        return false;
    }
    return true;
}

static enum codec_status step(struct decoder *d, struct codec_io *io)
{
    struct compress *z = d->state;
    if (z->rest.len == 0) {
        const void *bytes = NULL;
        size_t len = 0;
        la_int64_t offset = 0;
        int code = z->empty ? ARCHIVE_EOF
                            : archive_read_data_block(
                                  z->archive, &bytes, &len, &offset);
        if (code != ARCHIVE_OK) {
            return code == ARCHIVE_EOF ? CODEC_END : CODEC_CORRUPT;
        }
        z->rest = (struct span){bytes, len};
    }
    size_t n = z->rest.len < io->out_len ? z->rest.len : io->out_len;
    if (n > 0) {
        memcpy(io->out, z->rest.ptr, n);
    }
    z->rest = span_skip(z->rest, n);
    io->out += n;
    io->out_len -= n;
    return CODEC_MORE;
}

static void free_compress(void *state)
{
    struct compress *z = state;
    if (z->archive != NULL) {
        archive_read_free(z->archive);
    }
    free(z);
}

const struct decoder_ops decoder_compress_ops = {
    .name = "compress",
    .endless = true,
    .matches = matches,
    .magic_len = MAGIC_LEN,
    .magic_byte = MAGIC_1,
    .create = create,
    .begin = begin,
    .step = step,
    .free = free_compress,
};
