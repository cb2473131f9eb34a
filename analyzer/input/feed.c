/* SPDX-License-Identifier: MIT */
/*
 * Every container reads through here, so that interrupted and short reads,
 * the advice to the kernel and the position for the progress line exist
 * once.
 *
 * The last FEED_KEEP_LEN bytes that were taken stay in front of the new ones
 * when the block is refilled, so that they can be given back.
 */
#include "input/feed.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_block(struct feed *f)
{
    f->bytes = memory_alloc(FEED_KEEP_LEN + LIMIT_FEED_LEN);
    f->start = FEED_KEEP_LEN;
    f->end = FEED_KEEP_LEN;
}

bool feed_open(struct feed *f, const char *path)
{
    *f = (struct feed){.fd = STDIN_FILENO, .file_size = -1};
    f->is_stdin = strcmp(path, "-") == 0;
    if (!f->is_stdin) {
        f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (f->fd < 0) {
            diag_error("%s: %s", path, strerror(errno));
            return false;
        }
    }
    struct stat st;
    if (fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode)) {
        f->file_size = st.st_size;
        /* Advice only: a failure changes nothing. */
        (void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    make_block(f);
    return true;
}

void feed_open_reader(struct feed *f, const struct feed_reader *reader)
{
    *f = (struct feed){
        .fd = -1, .file_size = -1, .has_reader = true, .reader = *reader};
    make_block(f);
}

/* One read() that survives signals. */
static ptrdiff_t read_file(struct feed *f, void *out, size_t cap)
{
    ssize_t n;
    do {
        n = read(f->fd, out, cap);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        f->error = errno;
    }
    return n;
}

static ptrdiff_t read_reader(struct feed *f, void *out, size_t cap)
{
    ptrdiff_t n = f->reader.read(f->reader.context, out, cap);
    if (n < 0) {
        f->error = EIO;
        f->failure = f->reader.failure(f->reader.context);
    }
    return n;
}

/* 0 at the end and on failure. */
static size_t read_some(struct feed *f, void *out, size_t cap)
{
    if (f->at_end) {
        return 0;
    }
    ptrdiff_t n =
        f->has_reader ? read_reader(f, out, cap) : read_file(f, out, cap);
    if (n <= 0) {
        f->at_end = true;
        return 0;
    }
    f->n_read += (uint64_t)n;
    return (size_t)n;
}

/* Move what waits, and what may be taken back, to the front. */
static void make_room(struct feed *f)
{
    size_t from = f->start - FEED_KEEP_LEN;
    if (from > 0) {
        memmove(f->bytes, f->bytes + from, f->end - from);
        f->start -= from;
        f->end -= from;
    }
}

bool feed_fill(struct feed *f)
{
    if (feed_waiting(f) > 0) {
        return true;
    }
    make_room(f);
    f->end += read_some(f, f->bytes + f->end, LIMIT_FEED_LEN);
    return feed_waiting(f) > 0;
}

struct span feed_peek(struct feed *f, size_t len)
{
    if (feed_waiting(f) < len) {
        make_room(f);
    }
    while (feed_waiting(f) < len) {
        size_t room = FEED_KEEP_LEN + LIMIT_FEED_LEN - f->end;
        size_t n = read_some(f, f->bytes + f->end, room);
        if (n == 0) {
            break;
        }
        f->end += n;
    }
    return (struct span){(const char *)f->bytes + f->start, feed_waiting(f)};
}

int feed_byte(struct feed *f)
{
    return feed_fill(f) ? f->bytes[f->start++] : -1;
}

size_t feed_read(struct feed *f, char *out, size_t cap)
{
    size_t n = feed_waiting(f);
    if (n == 0) {
        return read_some(f, out, cap);
    }
    if (n > cap) {
        n = cap;
    }
    memcpy(out, f->bytes + f->start, n);
    feed_take(f, n);
    return n;
}

void feed_close(struct feed *f)
{
    if (!f->is_stdin && f->fd >= 0) {
        close(f->fd);
    }
    free(f->bytes);
    f->bytes = NULL;
    f->fd = -1;
}
