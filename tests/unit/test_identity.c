/* SPDX-License-Identifier: MIT */
/* input/identity: the same bytes are the same source, however they come. */
#include "input/identity.h"

#include "input_fixture.h"

#include "base/limits.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <xxhash.h>

#define MARK LIMIT_SPARSE_MARK_LEN
#define HEAD LIMIT_HEAD_LEN

struct digests {
    unsigned char content[IDENTITY_DIGEST_LEN];
    unsigned char head[IDENTITY_DIGEST_LEN];
    size_t head_len;
};

static void make_bytes(struct buffer *b, size_t len)
{
    buffer_init(b, len);
    uint64_t state = 1;
    for (size_t i = 0; i < len; i++) {
        buffer_add_char(b, (char)(input_fixture_random(&state) >> 8));
    }
}

static void feed(struct identity *id, struct span bytes, size_t piece)
{
    while (bytes.len > 0) {
        size_t n = piece < bytes.len ? piece : bytes.len;
        identity_add(id, span_first(bytes, n));
        bytes = span_skip(bytes, n);
    }
}

static void digest(const struct identity *id, struct digests *d)
{
    identity_content(id, d->content);
    d->head_len = identity_head(id, d->head);
}

static const size_t lengths[] = {0, 1, HEAD - 1, HEAD, HEAD + 1, MARK - 1, MARK,
    MARK + 1, 3 * MARK, 5 * MARK + 12345};
enum { N_LENGTHS = sizeof(lengths) / sizeof(lengths[0]) };

/* Against the plain functions of xxHash over the whole. */
static void check_against_whole(const struct identity *id, struct span bytes)
{
    struct digests d;
    digest(id, &d);
    cr_expect_eq(identity_offset(id), bytes.len);
    XXH128_canonical_t want;
    XXH128_canonicalFromHash(&want, XXH3_128bits(bytes.ptr, bytes.len));
    cr_expect_arr_eq(d.content, want.digest, IDENTITY_DIGEST_LEN);
    size_t head_len = bytes.len < HEAD ? bytes.len : HEAD;
    cr_expect_eq(d.head_len, head_len);
    identity_digest(span_first(bytes, head_len), want.digest);
    cr_expect_arr_eq(d.head, want.digest, IDENTITY_DIGEST_LEN);
    struct span marks = identity_marks(id);
    cr_expect_eq(marks.len, bytes.len / LIMIT_MARK_LEN * IDENTITY_MARK_BYTES);
    for (size_t i = 0; i < marks.len / IDENTITY_MARK_BYTES; i++) {
        uint64_t mark = 0;
        for (size_t j = IDENTITY_MARK_BYTES; j-- > 0;) {
            mark = mark << 8 |
                   (unsigned char)marks.ptr[i * IDENTITY_MARK_BYTES + j];
        }
        cr_expect_eq(mark, XXH3_64bits(bytes.ptr, (i + 1) * LIMIT_MARK_LEN),
            "mark %zu of %zu bytes", i, bytes.len);
    }
}

Test(identity, does_not_depend_on_pieces)
{
    static const size_t pieces[] = {1, 100, 4096, 65536, 65537, 262144};
    struct buffer bytes;
    make_bytes(&bytes, 6 * MARK);
    for (size_t i = 0; i < N_LENGTHS; i++) {
        for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
            struct identity *id = identity_create();
            struct span part = span_first(buffer_span(&bytes), lengths[i]);
            feed(id, part, pieces[p]);
            check_against_whole(id, part);
            identity_free(id);
        }
    }
    buffer_free(&bytes);
}

/* A known source of ${known} bytes, and what is read now: ${same} bytes of
 * it, then others, ${now} altogether. */
static const struct comparison {
    const char *name;
    size_t known;
    size_t same;
    size_t now;
    bool matched;    /* the known content was found at its offset */
    uint64_t agreed; /* bytes that the marks prove */
} comparisons[] = {
    {"unchanged", 3 * MARK + 7, 3 * MARK + 7, 3 * MARK + 7, true, 3 * MARK},
    {"unchanged, small", 100, 100, 100, true, 0},
    {"grown", 2 * MARK + 7, 2 * MARK + 7, 4 * MARK, true, 2 * MARK},
    {"grown from less than a head", 100, 100, 9000, true, 0},
    {"grown from nothing", 0, 0, 9000, true, 0},
    {"grown from a mark", MARK, MARK, 2 * MARK, true, MARK},
    {"shorter copy", 5 * MARK, 3 * MARK + 9, 3 * MARK + 9, false, 3 * MARK},
    {"shorter than a mark", 5 * MARK, 4000, 4000, false, 0},
    {"shorter copy of little", 5 * MARK, 9000, 9000, false, 8192},
    {"other after two marks, and little", 5 * MARK, 8192, 12288, false, 0},
    {"other after the head", 3 * MARK, HEAD, 4 * MARK, false, 0},
    {"other after a mark", 3 * MARK, MARK, 4 * MARK, false, 0},
    {"other and shorter", 5 * MARK, 2 * MARK + 1, 4 * MARK, false, 0},
    {"other in the last byte", 3 * MARK, 3 * MARK - 1, 3 * MARK, false, 0},
    {"other behind the last mark", 3 * MARK + 9, 3 * MARK + 8, 4 * MARK, false,
        3 * MARK},
    {"grown after the known end", 3 * MARK + 9, 3 * MARK + 9, 4 * MARK, true,
        3 * MARK},
};

static void check_comparison(const struct comparison *c, size_t piece)
{
    struct buffer bytes;
    make_bytes(&bytes, 6 * MARK);
    struct identity *known = identity_create();
    feed(known, span_first(buffer_span(&bytes), c->known), MARK);
    struct digests d;
    digest(known, &d);
    for (size_t i = c->same; i < c->now; i++) {
        bytes.bytes[i] ^= 1;
    }
    struct identity *now = identity_create();
    /* Others beside it, some at the same place, disturb nothing. */
    identity_expect(now, c->known, (const unsigned char *)"0123456789abcdef");
    identity_expect(now, c->known + 3, d.content);
    size_t n = identity_expect(now, c->known, d.content);
    feed(now, span_first(buffer_span(&bytes), c->now), piece);
    cr_expect_eq(
        identity_matched(now, n), c->matched, "%s by %zu", c->name, piece);
    cr_expect_not(identity_matched(now, 0), "%s by %zu", c->name, piece);
    cr_expect_not(identity_matched(now, 1), "%s by %zu", c->name, piece);
    cr_expect_not(identity_matched(now, 99), "%s by %zu", c->name, piece);
    cr_expect_eq(identity_matches_marks(now, identity_marks(known)), c->agreed,
        "%s by %zu", c->name, piece);
    identity_free(known);
    identity_free(now);
    buffer_free(&bytes);
}

Test(identity, comparisons)
{
    static const size_t pieces[] = {1000, MARK, 4 * MARK, 5 * MARK};
    for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
            check_comparison(&comparisons[i], pieces[p]);
        }
    }
}

Test(identity, save_and_restore)
{
    struct buffer bytes;
    make_bytes(&bytes, 6 * MARK);
    struct span all = buffer_span(&bytes);
    for (size_t i = 0; i < N_LENGTHS; i++) {
        struct span first = span_first(all, lengths[i]);
        struct identity *id = identity_create();
        identity_add(id, first);
        unsigned char later[IDENTITY_DIGEST_LEN];
        identity_digest(span_first(all, first.len + 9), later);
        size_t n = identity_expect(id, first.len + 9, later);
        identity_save(id);
        identity_add(id, SPAN_LITERAL("something else, of no account"));
        identity_add(id, span_first(all, MARK));
        identity_restore(id);
        check_against_whole(id, first);
        cr_expect_not(identity_matched(id, n));
        identity_add(id, span_first(span_skip(all, first.len), 9));
        cr_expect(identity_matched(id, n), "length %zu", first.len);
        check_against_whole(id, span_first(all, first.len + 9));
        identity_free(id);
    }
    identity_free(NULL);
    buffer_free(&bytes);
}
