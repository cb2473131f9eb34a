/* SPDX-License-Identifier: MIT */
#include "input_packers.h"

#include "input_fixture.h"

#include "base/memory.h"

#include <bzlib.h>
#include <criterion/criterion.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <zstd.h>

static void pack_plain(struct buffer *out, struct span in)
{
    buffer_add(out, in);
}

static void pack_gzip_stored(struct buffer *out, struct span in)
{
    input_fixture_gzip(out, in, (struct input_fixture_gzip){.level = 0});
}

static void pack_gzip_fast(struct buffer *out, struct span in)
{
    input_fixture_gzip(out, in, (struct input_fixture_gzip){.level = 1});
}

static void pack_gzip(struct buffer *out, struct span in)
{
    input_fixture_gzip(
        out, in, (struct input_fixture_gzip){.level = 9, .all_fields = true});
}

void input_packers_zstd(
    struct buffer *out, struct span in, int window_log, bool finish)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, 1);
    if (window_log != 0) {
        ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log);
    }
    ZSTD_inBuffer source = {in.ptr, in.len, 0};
    size_t left;
    do {
        char block[8192];
        ZSTD_outBuffer sink = {block, sizeof(block), 0};
        /* Never told the size, so that the frame needs its window. */
        bool all_in = source.pos == source.size;
        left = ZSTD_compressStream2(z, &sink, &source,
            !all_in  ? ZSTD_e_continue
            : finish ? ZSTD_e_end
                     : ZSTD_e_flush);
        cr_assert(!ZSTD_isError(left), "%s", ZSTD_getErrorName(left));
        buffer_add(out, (struct span){block, sink.pos});
        left += all_in ? 0 : 1;
    } while (left > 0);
    ZSTD_freeCCtx(z);
}

static void pack_zstd(struct buffer *out, struct span in)
{
    input_packers_zstd(out, in, 0, true);
}

static void pack_zstd_long(struct buffer *out, struct span in)
{
    input_packers_zstd(out, in, 28, true);
}

static void pack_xz(struct buffer *out, struct span in)
{
    size_t cap = lzma_stream_buffer_bound(in.len);
    uint8_t *block = memory_alloc(cap);
    size_t len = 0;
    cr_assert_eq(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL,
                     (const uint8_t *)in.ptr, in.len, block, &len, cap),
        LZMA_OK);
    buffer_add(out, (struct span){(char *)block, len});
    free(block);
}

/* Blocks that tell their sizes, so that threads can share them. */
static void pack_xz_blocks(struct buffer *out, struct span in)
{
    lzma_stream z = LZMA_STREAM_INIT;
    lzma_mt options = {.threads = 1,
        .block_size = 5000,
        .preset = 0,
        .check = LZMA_CHECK_CRC32};
    cr_assert_eq(lzma_stream_encoder_mt(&z, &options), LZMA_OK);
    z.next_in = (const uint8_t *)in.ptr;
    z.avail_in = in.len;
    lzma_ret code;
    do {
        uint8_t block[8192];
        z.next_out = block;
        z.avail_out = sizeof(block);
        code = lzma_code(&z, LZMA_FINISH);
        cr_assert(code == LZMA_OK || code == LZMA_STREAM_END);
        buffer_add(out,
            (struct span){(const char *)block, sizeof(block) - z.avail_out});
    } while (code != LZMA_STREAM_END);
    lzma_end(&z);
}

static void pack_bzip2(struct buffer *out, struct span in)
{
    unsigned len = (unsigned)(in.len + in.len / 50 + 1024);
    char *block = memory_alloc(len);
    cr_assert_eq(BZ2_bzBuffToBuffCompress(block, &len,
                     (char *)(uintptr_t)in.ptr, (unsigned)in.len, 1, 0, 0),
        BZ_OK);
    buffer_add(out, (struct span){block, len});
    free(block);
}

static void pack_lz4(struct buffer *out, struct span in)
{
    LZ4F_preferences_t how = LZ4F_INIT_PREFERENCES;
    how.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    size_t cap = LZ4F_compressFrameBound(in.len, &how);
    char *block = memory_alloc(cap);
    size_t len = LZ4F_compressFrame(block, cap, in.ptr, in.len, &how);
    cr_assert(!LZ4F_isError(len));
    buffer_add(out, (struct span){block, len});
    free(block);
}

const struct input_packer input_packers[N_PACKERS] = {
    {"plain", "plain", pack_plain},
    {"gzip, stored", "gzip", pack_gzip_stored},
    {"gzip -1", "gzip", pack_gzip_fast},
    {"gzip -9, all header fields", "gzip", pack_gzip},
    {"zstd", "zstd", pack_zstd},
    {"xz", "xz", pack_xz},
    {"xz in blocks", "xz", pack_xz_blocks},
    {"bzip2", "bzip2", pack_bzip2},
    {"lz4", "lz4", pack_lz4},
    {"zstd --long=28", "zstd", pack_zstd_long},
};
