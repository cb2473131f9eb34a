/* SPDX-License-Identifier: MIT */
/*
 * gzip (RFC 1952), any number of members behind each other.
 *
 * Headers and trailers are read here, a byte at a time, and only the deflate
 * data between them go through the inflater, so that both inflaters agree on
 * what is damage and where it lies.
 */
#include "base/memory.h"
#include "input/decoder_ops.h"
#include "input/inflater.h"

#include <stdlib.h>

enum {
    MAGIC_1 = 0x1f,
    MAGIC_2 = 0x8b,
    METHOD_DEFLATE = 8,
    FLAG_HCRC = 0x02,
    FLAG_EXTRA = 0x04,
    FLAG_NAME = 0x08,
    FLAG_COMMENT = 0x10,
    FLAG_RESERVED = 0xe0,
    HEADER_LEN = 10,
    TRAILER_LEN = 8
};

struct gzip {
    struct inflater *inflater;
    uint32_t crc;      /* of the member's bytes so far */
    uint32_t len;      /* their number, modulo 2^32 */
    uint32_t head_crc; /* of the header so far */
};

static bool matches(struct span head)
{
    return head.len >= 2 && (unsigned char)head.ptr[0] == MAGIC_1 &&
           (unsigned char)head.ptr[1] == MAGIC_2;
}

static bool fail(struct decoder *d, const char *why)
{
    decoder_fail(d, why);
    return false;
}

static bool fail_short(struct decoder *d)
{
    return fail(d, DECODER_CUT_OFF);
}

/* Read ${n} <= HEADER_LEN bytes of the header. */
static bool header_bytes(struct decoder *d, unsigned char *out, size_t n)
{
    struct gzip *g = d->state;
    for (size_t i = 0; i < n; i++) {
        int c = feed_byte(&d->feed);
        if (c < 0) {
            return fail_short(d);
        }
        out[i] = (unsigned char)c;
    }
    g->head_crc = inflater_crc32(g->head_crc, out, n);
    return true;
}

static bool skip_extra(struct decoder *d)
{
    unsigned char b[2];
    if (!header_bytes(d, b, 2)) {
        return false;
    }
    unsigned len = (unsigned)b[0] | (unsigned)b[1] << 8;
    while (len-- > 0) {
        if (!header_bytes(d, b, 1)) {
            return false;
        }
    }
    return true;
}

static bool skip_string(struct decoder *d)
{
    unsigned char c;
    do {
        if (!header_bytes(d, &c, 1)) {
            return false;
        }
    } while (c != 0);
    return true;
}

static bool check_header_crc(struct decoder *d)
{
    struct gzip *g = d->state;
    uint32_t want = g->head_crc & 0xffff;
    unsigned char b[2];
    if (!header_bytes(d, b, 2)) {
        return false;
    }
    if (want != ((uint32_t)b[0] | (uint32_t)b[1] << 8)) {
        return fail(d, "corrupt data");
    }
    return true;
}

static uint32_t little_endian(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

static bool read_header(struct decoder *d)
{
    struct gzip *g = d->state;
    g->head_crc = 0;
    unsigned char h[HEADER_LEN];
    if (!header_bytes(d, h, HEADER_LEN)) {
        return false;
    }
    const unsigned flags = h[3];
    if (h[2] != METHOD_DEFLATE || (flags & FLAG_RESERVED) != 0) {
        return fail(d, "corrupt data");
    }
    if (((flags & FLAG_EXTRA) != 0 && !skip_extra(d)) ||
        ((flags & FLAG_NAME) != 0 && !skip_string(d)) ||
        ((flags & FLAG_COMMENT) != 0 && !skip_string(d)) ||
        ((flags & FLAG_HCRC) != 0 && !check_header_crc(d))) {
        return false;
    }
    if (d->mtime_hint == 0) {
        d->mtime_hint = (int64_t)little_endian(h + 4);
    }
    inflater_reset(g->inflater);
    g->crc = 0;
    g->len = 0;
    return true;
}

static bool check_trailer(struct decoder *d)
{
    struct gzip *g = d->state;
    unsigned char t[TRAILER_LEN];
    if (!header_bytes(d, t, TRAILER_LEN)) {
        return false;
    }
    if (little_endian(t) != g->crc || little_endian(t + 4) != g->len) {
        return fail(d, "checksum mismatch");
    }
    return true;
}

static void *create(struct decoder *d)
{
    (void)d;
    struct gzip *g = memory_zalloc(1, sizeof(*g));
    g->inflater = inflater_create();
    return g;
}

static enum codec_status step(struct decoder *d, struct codec_io *io)
{
    struct gzip *g = d->state;
    unsigned char *from = io->out;
    enum codec_status status = inflater_step(g->inflater, io);
    size_t n = (size_t)(io->out - from);
    g->crc = inflater_crc32(g->crc, from, n);
    g->len += (uint32_t)n;
    d->feed.start = d->feed.end - io->in_len;
    if (status == CODEC_END && !check_trailer(d)) {
        return CODEC_CORRUPT;
    }
    return status;
}

static void free_gzip(void *state)
{
    struct gzip *g = state;
    inflater_free(g->inflater);
    free(g);
}

const struct decoder_ops decoder_gzip_ops = {
    .name = "gzip",
    .matches = matches,
    .magic_len = 2,
    .magic_byte = MAGIC_1,
    .create = create,
    .begin = read_header,
    .step = step,
    .free = free_gzip,
};
