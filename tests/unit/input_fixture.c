/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include "input_fixture.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

void input_fixture_open(struct input_fixture *fx)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(fx->dir, sizeof(fx->dir), "%s/smtpscope-test-XXXXXX",
        tmp != NULL && strlen(tmp) < 64 ? tmp : "/tmp");
    cr_assert_not_null(mkdtemp(fx->dir), "mkdtemp %s", fx->dir);
}

const char *input_fixture_path(struct input_fixture *fx, const char *name)
{
    snprintf(fx->path, sizeof(fx->path), "%s/%s", fx->dir, name);
    return fx->path;
}

const char *input_fixture_write(
    struct input_fixture *fx, const char *name, struct span bytes)
{
    const char *path = input_fixture_path(fx, name);
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f, "open %s", path);
    if (bytes.len > 0) {
        cr_assert_eq(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    }
    cr_assert_eq(fclose(f), 0);
    return path;
}

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void input_fixture_close(struct input_fixture *fx)
{
    nftw(fx->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void input_fixture_gzip(
    struct buffer *out, struct span bytes, struct input_fixture_gzip how)
{
    z_stream z = {.zalloc = NULL};
    cr_assert_eq(deflateInit2(&z, how.level, Z_DEFLATED, 16 + MAX_WBITS, 8,
                     Z_DEFAULT_STRATEGY),
        Z_OK);
    static Bytef extra[300] = "ex\1tra";
    gz_header header = {.time = how.mtime, .os = 3};
    if (how.all_fields) {
        header.extra = extra;
        header.extra_len = sizeof(extra);
        header.name = (Bytef *)(uintptr_t) "mail.log";
        header.comment = (Bytef *)(uintptr_t) "a comment";
        header.hcrc = 1;
    }
    deflateSetHeader(&z, &header);
    z.next_in = (Bytef *)(uintptr_t)(bytes.len > 0 ? bytes.ptr : "");
    z.avail_in = (uInt)bytes.len;
    int rc;
    do {
        char block[4096];
        z.next_out = (Bytef *)block;
        z.avail_out = sizeof(block);
        rc = deflate(&z, Z_FINISH);
        buffer_add(out, (struct span){block, sizeof(block) - z.avail_out});
    } while (rc == Z_OK);
    cr_assert_eq(rc, Z_STREAM_END);
    deflateEnd(&z);
}

uint32_t input_fixture_random(uint64_t *state)
{
    *state =
        *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

void input_fixture_log(struct buffer *out, size_t len)
{
    static const char *const words[] = {"status=sent (250 2.0.0 Ok)",
        "status=bounced (host mx.example.net said: 550 5.1.1 User unknown)",
        "status=deferred (connect to mx.example.org: Connection refused)"};
    uint64_t state = len;
    size_t end = out->len + len;
    while (out->len < end) {
        uint32_t r = input_fixture_random(&state);
        buffer_addf(out,
            "Nov  1 00:00:%02u mx postfix/smtp[%u]: %08X: to=<u%u@example.com>"
            ", %s\n",
            r % 60, r % 30000, r, r % 977, words[r % 3]);
    }
}

void input_fixture_noise(struct buffer *out, size_t len)
{
    uint64_t state = len;
    for (size_t i = 0; i < len; i++) {
        buffer_add_char(out, (char)(input_fixture_random(&state) >> 8));
    }
}
