/* SPDX-License-Identifier: MIT */
/*
 * libarchive knows the kinds of tar; its bytes come through decoder_read(),
 * so that gzip still goes through ISA-L and damage is named as everywhere.
 * libarchive tells an archive that was cut off from nonsense only in words.
 */
#include "input/tarball.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

/* The header block, POSIX.1-1988, 10.1.1. */
enum {
    HEADER_LEN = 512,
    AT_MODE = 100,
    AT_SIZE = 124,
    AT_MTIME = 136,
    AT_CHECKSUM = 148,
    AT_TYPE = 156,
    AT_MAGIC = 257,
    SHORT_FIELD = 8,
    LONG_FIELD = 12,
    MAGIC_LEN = 8
};

struct tarball {
    struct decoder *decoder; /* borrowed */
    struct archive *archive;
    struct archive_entry *entry; /* of the current member */
    struct span rest; /* of the member's block that is being given out */
    const char *damage;
    bool is_over;                /* no more members */
    char block[LIMIT_BLOCK_LEN]; /* what libarchive reads from */
};

/* ---- recognising it ---- */

/* An octal number, padded with blanks before it, ended by a blank, a NUL or
 * the field; false if it is anything else. */
static bool read_octal(const unsigned char *p, size_t len, uint64_t *value)
{
    size_t i = 0;
    *value = 0;
    while (i < len && p[i] == ' ') {
        i++;
    }
    size_t first = i;
    while (i < len && p[i] >= '0' && p[i] <= '7') {
        *value = *value * 8 + (uint64_t)(p[i++] - '0');
    }
    return i > first && (i == len || p[i] == ' ' || p[i] == '\0');
}

/* The checksum counts itself as blanks. */
static bool has_checksum(const unsigned char *h)
{
    uint64_t want = 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < HEADER_LEN; i++) {
        bool own = i >= AT_CHECKSUM && i < AT_CHECKSUM + SHORT_FIELD;
        sum += own ? ' ' : h[i];
    }
    return read_octal(h + AT_CHECKSUM, SHORT_FIELD, &want) && want == sum;
}

static bool is_v7(const unsigned char *h)
{
    uint64_t number = 0;
    bool known_type =
        h[AT_TYPE] == '\0' || (h[AT_TYPE] >= '0' && h[AT_TYPE] <= '7');
    return h[0] != '\0' && known_type &&
           read_octal(h + AT_MODE, SHORT_FIELD, &number) &&
           read_octal(h + AT_SIZE, LONG_FIELD, &number) &&
           read_octal(h + AT_MTIME, LONG_FIELD, &number) && has_checksum(h);
}

/* No text has the NULs of "ustar", and a damaged header should not turn an
 * archive into a log of nonsense: so that magic is believed as it is. */
bool tarball_matches(struct span head)
{
    const unsigned char *h = (const unsigned char *)head.ptr;
    if (head.len >= AT_MAGIC + MAGIC_LEN &&
        (memcmp(h + AT_MAGIC, "ustar\0", 6) == 0 ||
            memcmp(h + AT_MAGIC, "ustar  \0", MAGIC_LEN) == 0)) {
        return true;
    }
    return head.len >= HEADER_LEN && is_v7(h);
}

/* ---- reading it ---- */

static la_ssize_t read_decoder(
    struct archive *a, void *context, const void **block)
{
    (void)a;
    struct tarball *t = context;
    size_t n = decoder_read(t->decoder, t->block, sizeof(t->block));
    *block = t->block;
    return (la_ssize_t)n;
}

static void fail(struct tarball *t)
{
    if (t->damage != NULL) {
        return;
    }
    t->damage = decoder_damage(t->decoder);
    if (t->damage == NULL) {
        const char *text = archive_error_string(t->archive);
        bool cut = text != NULL && strstr(text, "runcated") != NULL;
        t->damage = cut ? "unexpected end of file" : "corrupt data";
    }
}

struct tarball *tarball_open(struct decoder *d)
{
    struct tarball *t = memory_zalloc(1, sizeof(*t));
    t->decoder = d;
    t->archive = archive_read_new();
    if (t->archive == NULL) {
        diag_error("out of memory");
        exit(4);
    }
    archive_read_support_format_tar(t->archive);
    archive_read_set_format_option(
        t->archive, "tar", "read_concatenated_archives", "1");
    if (archive_read_open(t->archive, t, NULL, read_decoder, NULL) !=
        ARCHIVE_OK) {
        fail(t);
        t->is_over = true;
    }
    return t;
}

/* libarchive answers a damaged header with RETRY, having passed it. */
static bool next_entry(struct tarball *t)
{
    int code = ARCHIVE_RETRY;
    while (code == ARCHIVE_RETRY) {
        code = archive_read_next_header(t->archive, &t->entry);
        if (code == ARCHIVE_RETRY && t->damage == NULL) {
            t->damage = "corrupt data";
        }
    }
    if (code == ARCHIVE_EOF) {
        if (decoder_damage(t->decoder) != NULL) {
            fail(t);
        }
        return false;
    }
    if (code < ARCHIVE_WARN) {
        fail(t);
        return false;
    }
    return true;
}

bool tarball_next(struct tarball *t, struct tarball_member *member)
{
    t->rest = SPAN_NONE;
    for (;;) {
        if (t->is_over || !next_entry(t)) {
            t->is_over = true;
            return false;
        }
        if (archive_entry_filetype(t->entry) == AE_IFREG &&
            archive_entry_hardlink(t->entry) == NULL) {
            break;
        }
    }
    /* The bytes as they are; where a pax header has them in UTF-8 and the
     * locale knows no such characters, that. */
    const char *name = archive_entry_pathname(t->entry);
    if (name == NULL) {
        name = archive_entry_pathname_utf8(t->entry);
    }
    member->name = name != NULL ? name : "?";
    int64_t mtime = archive_entry_mtime(t->entry);
    member->mtime = mtime > 0 ? mtime : 0;
    member->sparse = archive_entry_sparse_count(t->entry) > 0;
    return true;
}

/* archive_read_data() would keep back what it has before damage. */
static int next_block(struct tarball *t)
{
    const void *bytes = NULL;
    size_t len = 0;
    la_int64_t offset = 0;
    int code = ARCHIVE_FATAL;
    if (!t->is_over) {
        code = archive_read_data_block(t->archive, &bytes, &len, &offset);
    }
    if (code != ARCHIVE_OK && code != ARCHIVE_EOF) {
        fail(t);
        t->is_over = true;
    }
    t->rest = (struct span){bytes, code == ARCHIVE_OK ? len : 0};
    return code;
}

static ptrdiff_t read_member(void *context, void *out, size_t cap)
{
    struct tarball *t = context;
    while (t->rest.len == 0) {
        int code = next_block(t);
        if (code != ARCHIVE_OK) {
            return code == ARCHIVE_EOF ? 0 : -1;
        }
    }
    size_t n = t->rest.len < cap ? t->rest.len : cap;
    memcpy(out, t->rest.ptr, n);
    t->rest = span_skip(t->rest, n);
    return (ptrdiff_t)n;
}

static const char *member_failure(void *context)
{
    return tarball_damage(context);
}

struct decoder *tarball_member_open(struct tarball *t, const char *path)
{
    struct feed_reader reader = {
        .read = read_member, .failure = member_failure, .context = t};
    return decoder_open_reader(&reader, path);
}

const char *tarball_damage(const struct tarball *t)
{
    return t->damage;
}

void tarball_close(struct tarball *t)
{
    if (t == NULL) {
        return;
    }
    archive_read_free(t->archive);
    free(t);
}
