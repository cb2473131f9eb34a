/* SPDX-License-Identifier: MIT */
/* input/tarball: the regular files of every kind of tar, in every container,
 * whole and damaged; and compress, which libarchive reads too. */
#include "input/tarball.h"

#include "input_fixture.h"
#include "input_packers.h"

#include "base/memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 512, N_MEMBERS = 4, GZIP = 3 };

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(tarball, .init = open_files, .fini = close_files);

/* ---- writing ---- */

static const struct tar_kind {
    const char *name;
    int format;
} kinds[] = {
    {"v7", ARCHIVE_FORMAT_TAR},
    {"ustar", ARCHIVE_FORMAT_TAR_USTAR},
    {"pax", ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE},
    {"gnu", ARCHIVE_FORMAT_TAR_GNUTAR},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* The regular files among what an archive is filled with. */
static const struct content {
    const char *name;
    size_t len;
} contents[N_MEMBERS] = {
    {"var/log/mail.log", 70000},
    {"empty", 0},
    {"../../up", BLOCK},
    {"\x1b[31mred\n%s", 300000},
};

static void add_entry(struct archive *a, const char *name, unsigned type,
    struct span bytes, const char *link)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, 1700000000, 0);
    if (link != NULL && type == AE_IFREG) {
        archive_entry_set_hardlink(e, link);
    } else {
        archive_entry_set_filetype(e, type);
        archive_entry_set_size(e, (la_int64_t)bytes.len);
    }
    if (link != NULL && type == AE_IFLNK) {
        archive_entry_set_symlink(e, link);
    }
    cr_assert_geq(archive_write_header(a, e), ARCHIVE_WARN, "%s",
        archive_error_string(a));
    if (bytes.len > 0) {
        cr_assert_eq(
            archive_write_data(a, bytes.ptr, bytes.len), (la_ssize_t)bytes.len);
    }
    archive_entry_free(e);
}

static la_ssize_t take(
    struct archive *a, void *context, const void *bytes, size_t len)
{
    (void)a;
    buffer_add(context, (struct span){bytes, len});
    return (la_ssize_t)len;
}

static void fill(struct buffer *b, size_t i)
{
    buffer_init(b, INPUT_FIXTURE_LIMIT);
    if (contents[i].len > 0) {
        input_fixture_log(b, contents[i].len);
    }
}

static void write_tar(struct buffer *out, int format)
{
    struct archive *a = archive_write_new();
    archive_write_set_format(a, format);
    archive_write_set_bytes_per_block(a, 10240);
    cr_assert_eq(archive_write_open(a, out, NULL, take, NULL), ARCHIVE_OK);
    add_entry(a, "var", AE_IFDIR, SPAN_NONE, NULL);
    for (size_t i = 0; i < N_MEMBERS; i++) {
        struct buffer bytes;
        fill(&bytes, i);
        add_entry(a, contents[i].name, AE_IFREG, buffer_span(&bytes), NULL);
        buffer_free(&bytes);
        add_entry(a, "symbolic", AE_IFLNK, SPAN_NONE, contents[i].name);
        add_entry(a, "hard", AE_IFREG, SPAN_NONE, contents[0].name);
    }
    archive_write_close(a);
    archive_write_free(a);
}

/* ---- reading ---- */

struct seen {
    size_t n_members;
    uint64_t n_bytes;
    bool same; /* all that was read is what was put in */
    bool archive;
    char damage[64]; /* of the archive */
    char last[64];   /* of the last member that had some */
};

static void compare_member(struct decoder *d, size_t i, struct seen *seen)
{
    struct buffer want;
    fill(&want, i % N_MEMBERS);
    size_t cap = want.len + 1;
    char *got = memory_alloc(cap);
    size_t n = decoder_read(d, got, cap);
    seen->n_bytes += n;
    seen->same = seen->same && n <= want.len &&
                 (n == 0 || memcmp(got, want.bytes, n) == 0) &&
                 (n == want.len || decoder_damage(d) != NULL);
    if (decoder_damage(d) != NULL) {
        snprintf(seen->last, sizeof(seen->last), "%s", decoder_damage(d));
    }
    free(got);
    buffer_free(&want);
}

static void read_tar(struct span packed, struct seen *seen)
{
    *seen = (struct seen){.same = true};
    struct decoder *d = decoder_open(input_fixture_write(&files, "in", packed));
    cr_assert_not_null(d);
    seen->archive = tarball_matches(decoder_peek(d));
    struct tarball *t = tarball_open(d);
    struct tarball_member m;
    while (tarball_next(t, &m)) {
        const struct content *c = &contents[seen->n_members % N_MEMBERS];
        seen->same = seen->same && strcmp(m.name, c->name) == 0 &&
                     m.mtime == 1700000000 && !m.sparse;
        struct decoder *member = tarball_member_open(t, m.name);
        compare_member(member, seen->n_members, seen);
        decoder_close(member);
        seen->n_members++;
    }
    cr_expect_not(tarball_next(t, &m), "the end stays the end");
    const char *damage = tarball_damage(t);
    snprintf(
        seen->damage, sizeof(seen->damage), "%s", damage != NULL ? damage : "");
    tarball_close(t);
    decoder_close(d);
}

Test(tarball, every_kind_in_every_container)
{
    for (size_t k = 0; k < N_KINDS; k++) {
        struct buffer tar;
        buffer_init(&tar, INPUT_FIXTURE_LIMIT);
        write_tar(&tar, kinds[k].format);
        for (size_t p = 0; p < N_DAMAGED; p++) {
            struct buffer packed;
            struct seen seen;
            buffer_init(&packed, INPUT_FIXTURE_LIMIT);
            input_packers[p].pack(&packed, buffer_span(&tar));
            read_tar(buffer_span(&packed), &seen);
            cr_expect(seen.archive && seen.same, "%s in %s", kinds[k].name,
                input_packers[p].name);
            cr_expect_eq(seen.n_members, N_MEMBERS, "%s in %s: %zu members",
                kinds[k].name, input_packers[p].name, seen.n_members);
            cr_expect_str_empty(seen.damage, "%s", kinds[k].name);
            cr_expect_str_empty(seen.last, "%s", kinds[k].name);
            buffer_free(&packed);
        }
        buffer_free(&tar);
    }
}

Test(tarball, behind_each_other)
{
    struct buffer tars;
    struct seen seen;
    buffer_init(&tars, INPUT_FIXTURE_LIMIT);
    for (size_t k = 0; k < N_KINDS; k++) {
        write_tar(&tars, kinds[k].format);
    }
    read_tar(buffer_span(&tars), &seen);
    cr_expect_eq(seen.n_members, N_KINDS * N_MEMBERS);
    cr_expect(seen.same);
    cr_expect_str_empty(seen.damage);
    buffer_free(&tars);
}

/* Whatever place it is cut off at, what comes is right, and the damage is
 * said unless the place is between two members. */
static void cut_off(struct span tar, size_t len, const char *name)
{
    struct seen seen;
    read_tar(span_first(tar, len), &seen);
    cr_expect(seen.same, "%s cut off at %zu", name, len);
    bool said = strcmp(seen.damage, "unexpected end of file") == 0;
    bool none = seen.damage[0] == '\0' && seen.last[0] == '\0';
    cr_expect(said || (none && len % BLOCK == 0), "%s cut off at %zu: %s", name,
        len, seen.damage);
    cr_expect(seen.last[0] == '\0' || said, "%s at %zu", name, len);
}

Test(tarball, cut_off)
{
    for (size_t k = 0; k < N_KINDS; k++) {
        struct buffer tar;
        buffer_init(&tar, INPUT_FIXTURE_LIMIT);
        write_tar(&tar, kinds[k].format);
        for (size_t len = BLOCK + 1; len < 380000; len += 9973) {
            cut_off(buffer_span(&tar), len, kinds[k].name);
        }
        for (size_t len = BLOCK; len < 380000; len += 25 * BLOCK) {
            cut_off(buffer_span(&tar), len, kinds[k].name);
        }
        buffer_free(&tar);
    }
}

Test(tarball, cut_off_in_gzip)
{
    struct buffer tar;
    struct buffer packed;
    buffer_init(&tar, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    write_tar(&tar, kinds[1].format);
    input_packers[GZIP].pack(&packed, buffer_span(&tar));
    for (size_t len = packed.len / 2; len < packed.len; len += 997) {
        struct seen seen;
        read_tar(span_first(buffer_span(&packed), len), &seen);
        cr_expect(seen.same, "cut off at %zu", len);
        cr_expect_str_eq(seen.damage, "unexpected end of file", "at %zu", len);
    }
    buffer_free(&tar);
    buffer_free(&packed);
}

/* No changed byte leads to a crash, a hang or an endless archive. */
Test(tarball, changed_bytes, .timeout = 120)
{
    struct buffer tar;
    buffer_init(&tar, INPUT_FIXTURE_LIMIT);
    write_tar(&tar, kinds[2].format);
    uint64_t random = 1;
    for (int i = 0; i < 150; i++) {
        /* headers more often than content */
        size_t at =
            input_fixture_random(&random) % (i % 2 == 0 ? 4096 : tar.len);
        char was = tar.bytes[at];
        struct seen seen;
        tar.bytes[at] = (char)(was ^ (1 << (i % 8)));
        read_tar(buffer_span(&tar), &seen);
        cr_expect_leq(seen.n_members, 3 * N_MEMBERS + 1, "byte %zu", at);
        cr_expect_leq(seen.n_bytes, tar.len, "byte %zu", at);
        tar.bytes[at] = was;
    }
    buffer_free(&tar);
}

/* ---- recognising ---- */

static const struct head_row {
    const char *name;
    size_t at; /* where the text stands in a block of log lines */
    struct span text;
    bool want;
} head_rows[] = {
    {"text", 0, SPAN_INIT(""), false},
    {"the word in a text", 257, SPAN_INIT("ustar  00 is a word"), false},
    {"POSIX", 257, SPAN_INIT("ustar\00000"), true},
    {"GNU", 257, SPAN_INIT("ustar  \0"), true},
    {"GNU, without its end", 257, SPAN_INIT("ustar   "), false},
    {"digits where a header has them", 100,
        SPAN_INIT("0000644\0000001750\0000001750\00000000000000\000"
                  "14524770000\0000123456\0000"),
        false},
};

Test(tarball, heads)
{
    for (size_t i = 0; i < sizeof(head_rows) / sizeof(head_rows[0]); i++) {
        const struct head_row *row = &head_rows[i];
        char block[BLOCK];
        memset(block, 'x', sizeof(block));
        memcpy(block + row->at, row->text.ptr, row->text.len);
        struct span head = {block, sizeof(block)};
        cr_expect_eq(tarball_matches(head), row->want, "%s", row->name);
        cr_expect_not(tarball_matches(span_first(head, 256)), "%s", row->name);
    }
    cr_expect_not(tarball_matches(SPAN_NONE));
}

/* What is peeked at stays to be read. */
Test(tarball, peek)
{
    static const size_t lens[] = {0, 1, BLOCK - 1, BLOCK, 5000};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct buffer want;
        char got[6000];
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        input_fixture_noise(&want, lens[i]);
        struct decoder *d =
            decoder_open(input_fixture_write(&files, "in", buffer_span(&want)));
        cr_expect_eq(decoder_peek(d).len, lens[i] < BLOCK ? lens[i] : BLOCK);
        cr_expect_eq(decoder_offset(d), 0);
        size_t n = decoder_read(d, got, 100);
        n += n == 100 ? decoder_read(d, got + n, sizeof(got) - n) : 0;
        cr_expect(span_equal((struct span){got, n}, buffer_span(&want)));
        cr_expect_eq(decoder_offset(d), lens[i]);
        decoder_close(d);
        buffer_free(&want);
    }
}

/* ---- compress ---- */

static void pack_compress(struct buffer *out, struct span bytes)
{
    struct archive *a = archive_write_new();
    archive_write_add_filter_compress(a);
    archive_write_set_format_raw(a);
    archive_write_set_bytes_per_block(a, 0);
    cr_assert_eq(archive_write_open(a, out, NULL, take, NULL), ARCHIVE_OK);
    add_entry(a, "log", AE_IFREG, bytes, NULL);
    archive_write_close(a);
    archive_write_free(a);
}

static void check_compress(size_t len, size_t packed_cut, size_t cap)
{
    struct buffer want;
    struct buffer packed;
    struct buffer got;
    buffer_init(&want, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    buffer_init(&got, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&want, len);
    pack_compress(&packed, buffer_span(&want));
    packed.len -= packed.len * packed_cut / 100;
    struct decoder *d =
        decoder_open(input_fixture_write(&files, "in", buffer_span(&packed)));
    cr_expect_str_eq(decoder_container(d), "compress");
    cr_expect_not(decoder_shows_truncation(d));
    char *block = memory_alloc(cap);
    for (size_t n = cap; n == cap;) {
        n = decoder_read(d, block, cap);
        buffer_add(&got, (struct span){block, n});
    }
    free(block);
    cr_expect(span_starts(buffer_span(&want), buffer_span(&got)),
        "%zu bytes by %zu", len, cap);
    cr_expect(packed_cut > 0 ? got.len < want.len && got.len > want.len / 4
                             : got.len == want.len,
        "%zu bytes by %zu, %zu %% cut off: %zu", len, cap, packed_cut, got.len);
    cr_expect_null(decoder_damage(d), "%s", decoder_damage(d));
    cr_expect_eq(decoder_compressed_offset(d), packed.len);
    decoder_close(d);
    buffer_free(&want);
    buffer_free(&packed);
    buffer_free(&got);
}

Test(tarball, compress)
{
    static const size_t lens[] = {1, 60000, 3000000};
    static const size_t caps[] = {262144, 977};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        for (size_t c = 0; c < sizeof(caps) / sizeof(caps[0]); c++) {
            check_compress(lens[i], 0, caps[c]);
        }
    }
    check_compress(3000000, 40, 262144);
}

Test(tarball, compress_corrupt)
{
    char got[64];
    /* a first code that no table holds yet */
    struct decoder *d = decoder_open(input_fixture_write(
        &files, "in", SPAN_LITERAL("\x1f\x9d\x90\xff\xff\xff\xff")));
    cr_expect_eq(decoder_read(d, got, sizeof(got)), 0);
    cr_expect_str_eq(decoder_damage(d), "corrupt data");
    decoder_close(d);
    d = decoder_open(
        input_fixture_write(&files, "in", SPAN_LITERAL("\x1f\x9d\x90")));
    cr_expect_eq(decoder_read(d, got, sizeof(got)), 0);
    cr_expect_null(decoder_damage(d));
    decoder_close(d);
}
