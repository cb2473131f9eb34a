/* SPDX-License-Identifier: MIT */
/* input/decoder: damage is named, and loses nothing that lies before it. */
#include "input_fixture.h"
#include "input_outcome.h"
#include "input_packers.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP = 3 }; /* in input_packers */

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(decoder_damage, .init = open_files, .fini = close_files);

static void decode_bytes(struct span bytes, size_t cap, struct input_outcome *o)
{
    input_outcome_decode(input_fixture_write(&files, "in", bytes), cap, o);
}

static size_t common_prefix(struct span a, struct span b)
{
    size_t n = 0;
    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n]) {
        n++;
    }
    return n;
}

/* Cut off at every place: never a wrong byte, always "unexpected end". */
Test(decoder_damage, truncated)
{
    for (size_t p = 1; p < N_DAMAGED; p++) {
        struct buffer want;
        struct buffer packed;
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        buffer_init(&packed, INPUT_FIXTURE_LIMIT);
        input_fixture_log(&want, 900);
        input_packers[p].pack(&packed, buffer_span(&want));
        for (size_t len = 16; len < packed.len; len++) {
            struct input_outcome o;
            decode_bytes(span_first(buffer_span(&packed), len), 4096, &o);
            cr_expect(span_starts(buffer_span(&want), buffer_span(&o.bytes)),
                "%s cut at %zu: other bytes", input_packers[p].name, len);
            cr_expect_str_eq(o.damage, "unexpected end of file",
                "%s cut at %zu: %s", input_packers[p].name, len, o.damage);
            buffer_free(&o.bytes);
        }
        buffer_free(&want);
        buffer_free(&packed);
    }
}

/* All that zlib can decode of the one member ${in}. */
static void reference_inflate(struct span in, struct buffer *out)
{
    z_stream z = {.zalloc = NULL};
    cr_assert_eq(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)in.ptr;
    z.avail_in = (uInt)in.len;
    int rc;
    do {
        char block[4096];
        z.next_out = (Bytef *)block;
        z.avail_out = sizeof(block);
        rc = inflate(&z, Z_NO_FLUSH);
        buffer_add(out, (struct span){block, sizeof(block) - z.avail_out});
    } while (rc == Z_OK);
    inflateEnd(&z);
}

/* Both inflaters keep the same bytes of a file that was cut off, but for the
 * last symbols (see input/inflater.h). */
Test(decoder_damage, truncated_gzip_keeps_what_zlib_keeps)
{
    struct buffer want;
    struct buffer packed;
    buffer_init(&want, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&want, 1000000);
    input_packers[GZIP].pack(&packed, buffer_span(&want));
    size_t worst = 0;
    uint64_t state = 7;
    for (size_t i = 0; i < 60; i++) {
        size_t len = 400 + input_fixture_random(&state) % (packed.len - 400);
        struct span cut = span_first(buffer_span(&packed), len);
        struct buffer reference;
        buffer_init(&reference, INPUT_FIXTURE_LIMIT);
        reference_inflate(cut, &reference);
        struct input_outcome o;
        decode_bytes(cut, 262144, &o);
        cr_expect(span_starts(buffer_span(&want), buffer_span(&o.bytes)));
        cr_expect_leq(o.bytes.len, reference.len, "cut at %zu", len);
        size_t less = reference.len - o.bytes.len;
        worst = less > worst ? less : worst;
        buffer_free(&reference);
        buffer_free(&o.bytes);
    }
#ifdef INFLATE_ZLIB
    cr_expect_eq(worst, 0, "%zu bytes less than zlib", worst);
#else
    cr_expect_leq(worst, 2, "%zu bytes less than zlib", worst);
#endif
    buffer_free(&want);
    buffer_free(&packed);
}

/* Each byte of a small file turned over: it ends, says so, and what lies
 * clearly before the damage is there. */
static void check_flip(const struct input_packer *p, struct buffer *packed,
    struct span want, size_t at)
{
    struct input_outcome sound;
    decode_bytes(span_first(buffer_span(packed), at), 4096, &sound);
    packed->bytes[at] = (char)~packed->bytes[at];
    struct input_outcome o;
    decode_bytes(buffer_span(packed), 4096, &o);
    packed->bytes[at] = (char)~packed->bytes[at];
    if (strcmp(o.container, p->container) == 0) {
        bool same = span_equal(buffer_span(&o.bytes), want);
        cr_expect(same || o.damage[0] != '\0' || o.note[0] != '\0',
            "%s, byte %zu: wrong bytes unnoticed", p->name, at);
        size_t kept = common_prefix(buffer_span(&o.bytes), want);
        size_t before =
            strcmp(sound.container, p->container) == 0 ? sound.bytes.len : 0;
        cr_expect_geq(kept, before, "%s, byte %zu: kept %zu of %zu", p->name,
            at, kept, before);
    }
    buffer_free(&sound.bytes);
    buffer_free(&o.bytes);
}

Test(decoder_damage, flipped_bytes)
{
    for (size_t p = 1; p < N_DAMAGED; p++) {
        struct buffer want;
        struct buffer packed;
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        buffer_init(&packed, INPUT_FIXTURE_LIMIT);
        input_fixture_log(&want, 700);
        struct span text = buffer_span(&want);
        input_packers[p].pack(&packed, span_first(text, text.len / 2));
        input_packers[p].pack(&packed, span_skip(text, text.len / 2));
        for (size_t at = 0; at < packed.len; at++) {
            check_flip(&input_packers[p], &packed, text, at);
        }
        buffer_free(&want);
        buffer_free(&packed);
    }
}

/* The same bytes are kept, however small the pieces they are asked in. */
Test(decoder_damage, does_not_depend_on_pieces)
{
    for (size_t p = 1; p < N_DAMAGED; p++) {
        struct buffer want;
        struct buffer packed;
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        buffer_init(&packed, INPUT_FIXTURE_LIMIT);
        input_fixture_log(&want, 60000);
        input_packers[p].pack(&packed, buffer_span(&want));
        for (size_t at = packed.len / 2; at < packed.len; at += 211) {
            packed.bytes[at] = (char)~packed.bytes[at];
            struct input_outcome whole;
            struct input_outcome pieces;
            decode_bytes(buffer_span(&packed), 262144, &whole);
            decode_bytes(buffer_span(&packed), 977, &pieces);
            packed.bytes[at] = (char)~packed.bytes[at];
            cr_expect_eq(whole.bytes.len, pieces.bytes.len, "%s, byte %zu",
                input_packers[p].name, at);
            cr_expect(span_equal(buffer_span(&whole.bytes),
                          buffer_span(&pieces.bytes)),
                "%s, byte %zu", input_packers[p].name, at);
            cr_expect_str_eq(whole.damage, pieces.damage);
            buffer_free(&whole.bytes);
            buffer_free(&pieces.bytes);
        }
        buffer_free(&want);
        buffer_free(&packed);
    }
}

/* A block of no valid kind (RFC 1951, 3.2.3) behind good ones. */
static void pack_invalid_block(struct buffer *out, struct span in)
{
    z_stream z = {.zalloc = NULL};
    cr_assert_eq(
        deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
        Z_OK);
    z.next_in = (Bytef *)(uintptr_t)in.ptr;
    z.avail_in = (uInt)in.len;
    do {
        char block[4096];
        z.next_out = (Bytef *)block;
        z.avail_out = sizeof(block);
        cr_assert_eq(deflate(&z, Z_SYNC_FLUSH), Z_OK);
        buffer_add(out, (struct span){block, sizeof(block) - z.avail_out});
    } while (z.avail_out == 0);
    deflateEnd(&z);
    buffer_add(out, SPAN_LITERAL("\x07never read"));
}

Test(decoder_damage, gzip_invalid_block)
{
    static const size_t lens[] = {1, 20000, 60000, 100000, 700000};
    static const size_t caps[] = {977, 40000, 262144};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct buffer want;
        struct buffer packed;
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        buffer_init(&packed, INPUT_FIXTURE_LIMIT);
        input_fixture_log(&want, lens[i]);
        pack_invalid_block(&packed, buffer_span(&want));
        for (size_t c = 0; c < sizeof(caps) / sizeof(caps[0]); c++) {
            struct input_outcome o;
            decode_bytes(buffer_span(&packed), caps[c], &o);
            cr_expect(span_equal(buffer_span(&o.bytes), buffer_span(&want)),
                "%zu bytes by %zu: kept %zu", want.len, caps[c], o.bytes.len);
            cr_expect_str_eq(o.damage, "corrupt data");
            buffer_free(&o.bytes);
        }
        buffer_free(&want);
        buffer_free(&packed);
    }
}

/* All is there, and the trailer says otherwise. */
static const struct damage {
    const char *name;
    size_t from_end; /* of the byte that is changed */
    const char *damage;
} damages[] = {
    {"checksum", 7, "checksum mismatch"},
    {"length", 2, "checksum mismatch"},
};

Test(decoder_damage, gzip_trailer)
{
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        const struct damage *c = &damages[i];
        struct buffer want;
        struct buffer packed;
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        buffer_init(&packed, INPUT_FIXTURE_LIMIT);
        input_fixture_log(&want, 500000);
        input_packers[GZIP].pack(&packed, buffer_span(&want));
        packed.bytes[packed.len - c->from_end] ^= 1;
        input_packers[GZIP].pack(&packed, SPAN_LITERAL("never read\n"));
        struct input_outcome o;
        decode_bytes(buffer_span(&packed), 262144, &o);
        cr_expect_str_eq(o.damage, c->damage, "%s", c->name);
        cr_expect(span_equal(buffer_span(&o.bytes), buffer_span(&want)),
            "%s: all bytes were decoded", c->name);
        buffer_free(&want);
        buffer_free(&packed);
        buffer_free(&o.bytes);
    }
}

static const struct header {
    const char *name;
    struct span bytes;
    const char *damage;
} headers[] = {
    {"only the magic", SPAN_INIT("\x1f\x8b"), "unexpected end of file"},
    {"no method", SPAN_INIT("\x1f\x8b\x07\0\0\0\0\0\0\3abcdefgh"),
        "corrupt data"},
    {"reserved flag", SPAN_INIT("\x1f\x8b\x08\x80\0\0\0\0\0\3abcdefgh"),
        "corrupt data"},
    {"name without end", SPAN_INIT("\x1f\x8b\x08\x08\0\0\0\0\0\3abcdefgh"),
        "unexpected end of file"},
    {"wrong header checksum",
        SPAN_INIT("\x1f\x8b\x08\x02\0\0\0\0\0\3\0\0\3\0\0\0\0\0\0\0\0\0"),
        "corrupt data"},
    {"empty member",
        SPAN_INIT("\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0"), ""},
    {"invalid block",
        SPAN_INIT("\x1f\x8b\x08\0\0\0\0\0\0\3\7\0\0\0\0\0\0\0\0\0"),
        "corrupt data"},
};

Test(decoder_damage, gzip_header)
{
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct input_outcome o;
        decode_bytes(headers[i].bytes, 4096, &o);
        cr_expect_str_eq(
            o.damage, headers[i].damage, "%s: %s", headers[i].name, o.damage);
        cr_expect_str_eq(o.container, "gzip", "%s", headers[i].name);
        cr_expect_eq(o.bytes.len, 0, "%s", headers[i].name);
        buffer_free(&o.bytes);
    }
}

/* What was flushed of a frame that is still being written is there. */
Test(decoder_damage, zstd_unfinished_frame)
{
    struct buffer want;
    struct buffer packed;
    buffer_init(&want, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&want, 700000);
    input_packers_zstd(&packed, buffer_span(&want), 0, false);
    struct input_outcome o;
    decode_bytes(buffer_span(&packed), 262144, &o);
    cr_expect(span_equal(buffer_span(&o.bytes), buffer_span(&want)));
    cr_expect_str_eq(o.damage, "unexpected end of file");
    buffer_free(&want);
    buffer_free(&packed);
    buffer_free(&o.bytes);
}
