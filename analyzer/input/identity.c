/* SPDX-License-Identifier: MIT */
/*
 * One XXH3 state serves both widths: the 64- and the 128-bit variants differ
 * only in how they end (xxhash.h says so of XXH3_128bits_reset() and
 * _update()), so the marks cost no second pass over the bytes.
 *
 * The bytes are hashed in pieces that end at each mark and at each offset
 * somebody asked for; there the running digest is noted or compared.
 */
#include "input/identity.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

struct expectation {
    uint64_t offset;
    unsigned char digest[IDENTITY_DIGEST_LEN];
    bool matched;
};

struct identity {
    XXH3_state_t *state; /* on its own, for it wants 64-byte alignment */
    uint64_t offset;
    unsigned char *marks;
    size_t n_marks;
    size_t marks_cap;
    struct expectation *expected;
    size_t n_expected;
    XXH3_state_t *saved_state; /* NULL until something is saved */
    uint64_t saved_offset;
    char head[LIMIT_HEAD_LEN];
};

static XXH3_state_t *create_state(void)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        diag_error("out of memory");
        exit(4);
    }
    return state;
}

struct identity *identity_create(void)
{
    struct identity *id = memory_zalloc(1, sizeof(*id));
    id->state = create_state();
    XXH3_128bits_reset(id->state);
    return id;
}

static void to_bytes(XXH128_hash_t hash, unsigned char *digest)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    memcpy(digest, canonical.digest, IDENTITY_DIGEST_LEN);
}

void identity_content(const struct identity *id, unsigned char *digest)
{
    to_bytes(XXH3_128bits_digest(id->state), digest);
}

void identity_digest(struct span bytes, unsigned char *digest)
{
    to_bytes(XXH3_128bits(bytes.len > 0 ? bytes.ptr : "", bytes.len), digest);
}

size_t identity_head(const struct identity *id, unsigned char *digest)
{
    size_t len =
        id->offset < LIMIT_HEAD_LEN ? (size_t)id->offset : LIMIT_HEAD_LEN;
    identity_digest((struct span){id->head, len}, digest);
    return len;
}

/* How many marks lie within the first ${len} bytes. */
static size_t marks_within(uint64_t len)
{
    uint64_t dense = len < LIMIT_MARKED_LEN ? len : LIMIT_MARKED_LEN;
    return (
        size_t)(dense / LIMIT_MARK_LEN + (len - dense) / LIMIT_SPARSE_MARK_LEN);
}

/* Where mark ${n} stands; the first is number 1. */
static uint64_t mark_offset(size_t n)
{
    size_t n_dense = (size_t)(LIMIT_MARKED_LEN / LIMIT_MARK_LEN);
    size_t dense = n < n_dense ? n : n_dense;
    return (uint64_t)dense * LIMIT_MARK_LEN +
           (uint64_t)(n - dense) * LIMIT_SPARSE_MARK_LEN;
}

static void add_mark(struct identity *id)
{
    if (id->n_marks == id->marks_cap) {
        id->marks_cap = id->marks_cap != 0 ? 2 * id->marks_cap : 64;
        id->marks = memory_grow(id->marks, id->marks_cap, IDENTITY_MARK_BYTES);
    }
    uint64_t mark = XXH3_64bits_digest(id->state);
    unsigned char *out = id->marks + id->n_marks * IDENTITY_MARK_BYTES;
    for (int i = 0; i < IDENTITY_MARK_BYTES; i++) {
        out[i] = (unsigned char)(mark >> (8 * i));
    }
    id->n_marks++;
}

static void compare(struct identity *id)
{
    for (size_t i = 0; i < id->n_expected; i++) {
        struct expectation *e = &id->expected[i];
        if (e->offset == id->offset) {
            unsigned char digest[IDENTITY_DIGEST_LEN];
            identity_content(id, digest);
            e->matched = memcmp(digest, e->digest, sizeof(digest)) == 0;
        }
    }
}

/* How many bytes until a digest is wanted; > 0. */
static uint64_t until_stop(const struct identity *id)
{
    uint64_t len = mark_offset(id->n_marks + 1) - id->offset;
    for (size_t i = 0; i < id->n_expected; i++) {
        uint64_t offset = id->expected[i].offset;
        if (offset > id->offset && offset - id->offset < len) {
            len = offset - id->offset;
        }
    }
    return len;
}

static void add_head(struct identity *id, struct span bytes)
{
    if (id->offset < LIMIT_HEAD_LEN) {
        size_t room = LIMIT_HEAD_LEN - (size_t)id->offset;
        memcpy(id->head + id->offset, bytes.ptr,
            bytes.len < room ? bytes.len : room);
    }
}

void identity_add(struct identity *id, struct span bytes)
{
    while (bytes.len > 0) {
        uint64_t stop = until_stop(id);
        size_t n = bytes.len < stop ? bytes.len : (size_t)stop;
        add_head(id, span_first(bytes, n));
        XXH3_128bits_update(id->state, bytes.ptr, n);
        id->offset += n;
        bytes = span_skip(bytes, n);
        if (id->offset == mark_offset(id->n_marks + 1)) {
            add_mark(id);
        }
        compare(id);
    }
}

uint64_t identity_offset(const struct identity *id)
{
    return id->offset;
}

struct span identity_marks(const struct identity *id)
{
    return (struct span){id->n_marks > 0 ? (const char *)id->marks : "",
        id->n_marks * IDENTITY_MARK_BYTES};
}

size_t identity_expect(
    struct identity *id, uint64_t offset, const unsigned char *digest)
{
    assert(offset >= id->offset);
    id->expected =
        memory_grow(id->expected, id->n_expected + 1, sizeof(*id->expected));
    struct expectation *e = &id->expected[id->n_expected];
    *e = (struct expectation){.offset = offset};
    memcpy(e->digest, digest, sizeof(e->digest));
    id->n_expected++;
    compare(id);
    return id->n_expected - 1;
}

bool identity_matched(const struct identity *id, size_t n)
{
    return n < id->n_expected && id->expected[n].matched;
}

uint64_t identity_matches_marks(const struct identity *id, struct span marks)
{
    struct span own = identity_marks(id);
    size_t n =
        (own.len < marks.len ? own.len : marks.len) / IDENTITY_MARK_BYTES;
    if (n == 0 || memcmp(own.ptr, marks.ptr, n * IDENTITY_MARK_BYTES) != 0) {
        return 0;
    }
    return mark_offset(n);
}

bool identity_is_older(const struct identity *id, struct span marks)
{
    uint64_t marked = mark_offset(id->n_marks);
    return marks.len == 0 || identity_matches_marks(id, marks) == marked;
}

void identity_save(struct identity *id)
{
    if (id->saved_state == NULL) {
        id->saved_state = create_state();
    }
    XXH3_copyState(id->saved_state, id->state);
    id->saved_offset = id->offset;
}

void identity_restore(struct identity *id)
{
    assert(id->saved_state != NULL);
    XXH3_copyState(id->state, id->saved_state);
    id->offset = id->saved_offset;
    id->n_marks = marks_within(id->offset);
    for (size_t i = 0; i < id->n_expected; i++) {
        if (id->expected[i].offset > id->offset) {
            id->expected[i].matched = false;
        }
    }
}

void identity_free(struct identity *id)
{
    if (id == NULL) {
        return;
    }
    XXH3_freeState(id->state);
    XXH3_freeState(id->saved_state);
    free(id->marks);
    free(id->expected);
    free(id);
}
