/* SPDX-License-Identifier: MIT */
/*
 * The loop that all compressed containers share.
 *
 * Behind a complete stream may stand zeros (tape blocks), which are skipped,
 * another stream (`cat a.gz b.gz`), or anything else, which gzip(1) calls
 * trailing garbage: noted, kept out, and no damage.
 */
#include "input/decoder_ops.h"

/* Between two streams: true if another one was begun. */
static bool next_stream(struct decoder *d)
{
    struct feed *f = &d->feed;
    const struct decoder_ops *ops = d->ops;
    while (feed_fill(f) && f->bytes[f->start] == 0) {
        f->start++;
    }
    struct span head = feed_peek(f, DECODER_MAGIC_LEN);
    if (ops->matches(head)) {
        return ops->begin(d);
    }
    bool cut_off = head.len > 0 && head.len < ops->magic_len &&
                   (unsigned char)head.ptr[0] == ops->magic_byte;
    if (f->error != 0 || cut_off) {
        decoder_fail(d, DECODER_CUT_OFF);
    } else if (head.len > 0) {
        d->note = "trailing garbage ignored";
    }
    return false;
}

/* One step; false when the stream is over, for good or ill. */
static bool step(struct decoder *d, struct codec_io *io)
{
    struct feed *f = &d->feed;
    feed_fill(f);
    io->in = f->bytes + f->start;
    io->in_len = feed_waiting(f);
    const unsigned char *from = io->out;
    enum codec_status status = d->ops->step(d, io);
    if (status == CODEC_END) {
        return false;
    }
    if (status == CODEC_CORRUPT) {
        decoder_fail(d, "corrupt data");
        return false;
    }
    /* A codec may hold output back, so the end of the input alone says
     * nothing. */
    if (io->out == from && feed_waiting(f) == 0 && f->at_end) {
        decoder_fail(d, DECODER_CUT_OFF);
        return false;
    }
    return true;
}

size_t decoder_stream_read(struct decoder *d, char *out, size_t cap)
{
    struct codec_io io = {.out = (unsigned char *)out, .out_len = cap};
    while (io.out_len > 0 && !d->ended && d->damage == NULL) {
        if (d->in_stream) {
            d->in_stream = step(d, &io);
        } else {
            d->in_stream = next_stream(d);
            d->ended = !d->in_stream;
        }
    }
    return cap - io.out_len;
}
