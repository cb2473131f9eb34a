/* SPDX-License-Identifier: MIT */
/*
 * Choosing the container, plain files, and what is said about damage.  A
 * container's own file only turns bytes of the feed into decoded ones.
 */
#include "input/decoder.h"

#include "base/diag.h"
#include "base/memory.h"
#include "input/decoder_ops.h"

#include <stdio.h>
#include <stdlib.h>

static const struct decoder_ops *const registry[] = {
    &decoder_gzip_ops,
    &decoder_zstd_ops,
    &decoder_xz_ops,
    &decoder_bzip2_ops,
    &decoder_lz4_ops,
    &decoder_compress_ops,
};

/* NULL: none of them, so the bytes are taken as they are. */
static const struct decoder_ops *choose(struct span head)
{
    for (size_t i = 0; i < sizeof(registry) / sizeof(registry[0]); i++) {
        if (registry[i]->matches(head)) {
            return registry[i];
        }
    }
    return NULL;
}

/* Takes over ${feed}, whose first bytes are ${head}. */
static struct decoder *create(
    const struct feed *feed, struct span head, const char *path)
{
    struct decoder *d = memory_zalloc(1, sizeof(*d));
    d->feed = *feed;
    d->path = memory_copy(span_of(path));
    d->ops = choose(head);
    if (d->ops != NULL) {
        d->state = d->ops->create(d);
        /* At once, for the sake of decoder_mtime_hint(). */
        d->in_stream = d->ops->begin(d);
    }
    return d;
}

struct decoder *decoder_open(const char *path)
{
    struct feed feed;
    if (!feed_open(&feed, path)) {
        goto err0;
    }
    struct span head = feed_peek(&feed, DECODER_MAGIC_LEN);
    if (feed.error != 0 && head.len == 0) {
        diag_error("%s: %s", path, strerror(feed.error));
        goto err1;
    }
    return create(&feed, head, path);

err1:
    feed_close(&feed);
err0:
    return NULL;
}

struct decoder *decoder_open_reader(
    const struct feed_reader *reader, const char *path)
{
    struct feed feed;
    feed_open_reader(&feed, reader);
    return create(&feed, feed_peek(&feed, DECODER_MAGIC_LEN), path);
}

/* No container: straight into the caller's block. */
static size_t read_plain(struct decoder *d, char *out, size_t cap)
{
    size_t len = 0;
    while (len < cap) {
        size_t n = feed_read(&d->feed, out + len, cap - len);
        if (n == 0) {
            break;
        }
        len += n;
    }
    if (d->feed.error != 0) {
        decoder_fail(d, "read error");
    }
    return len;
}

size_t decoder_decode(struct decoder *d, char *out, size_t cap)
{
    return d->ops != NULL ? decoder_stream_read(d, out, cap)
                          : read_plain(d, out, cap);
}

struct span decoder_peek(struct decoder *d)
{
    if (d->peeked == NULL) {
        d->peeked = memory_alloc(DECODER_PEEK_LEN);
        d->peeked_end = decoder_decode(d, d->peeked, DECODER_PEEK_LEN);
    }
    return (struct span){
        d->peeked + d->peeked_at, d->peeked_end - d->peeked_at};
}

/* Of what somebody peeked at. */
static size_t take_peeked(struct decoder *d, char *out, size_t cap)
{
    size_t n = d->peeked_end - d->peeked_at;
    n = n < cap ? n : cap;
    if (n > 0) {
        memcpy(out, d->peeked + d->peeked_at, n);
        d->peeked_at += n;
    }
    return n;
}

size_t decoder_read(struct decoder *d, char *out, size_t cap)
{
    size_t len = take_peeked(d, out, cap);
    if (len < cap) {
        len += (d->ahead != NULL ? decoder_ahead_read : decoder_decode)(
            d, out + len, cap - len);
    }
    d->n_out += len;
    return len;
}

void decoder_fail(struct decoder *d, const char *why)
{
    if (d->damage != NULL) {
        return;
    }
    if (d->feed.error == 0 || d->feed.failure != NULL) {
        bool failed = d->feed.failure != NULL;
        d->damage = memory_copy(span_of(failed ? d->feed.failure : why));
        return;
    }
    char text[256];
    snprintf(text, sizeof(text), "read error: %s", strerror(d->feed.error));
    d->damage = memory_copy(span_of(text));
}

struct decoder_told decoder_tells(const struct decoder *d)
{
    return (struct decoder_told){.damage = d->damage,
        .note = d->note,
        .read_failed = d->feed.error != 0 && d->feed.failure == NULL,
        .taken = feed_offset(&d->feed)};
}

/* As far as who reads has come. */
static struct decoder_told told(const struct decoder *d)
{
    return d->ahead != NULL ? d->told : decoder_tells(d);
}

const char *decoder_damage(const struct decoder *d)
{
    return told(d).damage;
}

bool decoder_is_corrupt(const struct decoder *d)
{
    return d->damage != NULL && d->feed.error == 0 &&
           strcmp(d->damage, DECODER_CUT_OFF) != 0;
}

bool decoder_read_failed(const struct decoder *d)
{
    return told(d).read_failed;
}

const char *decoder_note(const struct decoder *d)
{
    return told(d).note;
}

const char *decoder_container(const struct decoder *d)
{
    return d->ops != NULL ? d->ops->name : "plain";
}

uint64_t decoder_offset(const struct decoder *d)
{
    return d->n_out;
}

uint64_t decoder_compressed_offset(const struct decoder *d)
{
    return told(d).taken;
}

int64_t decoder_size(const struct decoder *d)
{
    return d->feed.file_size;
}

bool decoder_shows_truncation(const struct decoder *d)
{
    return d->ops == NULL || !d->ops->endless;
}

int64_t decoder_mtime_hint(const struct decoder *d)
{
    return d->mtime_hint;
}

void decoder_close(struct decoder *d)
{
    if (d == NULL) {
        return;
    }
    if (d->ops != NULL) {
        d->ops->free(d->state);
    }
    feed_close(&d->feed);
    decoder_ahead_free(d->ahead);
    free(d->peeked);
    free(d->path);
    free(d->damage);
    free(d);
}
