/* SPDX-License-Identifier: MIT */
/*
 * decode_bench - decode files and throw the bytes away: what the program's
 * decoders take beside "zstd -dc" and the like.
 *
 *   decode_bench FILE...
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "input/decoder.h"

int main(int argc, char **argv)
{
    static char block[LIMIT_BLOCK_LEN];
    uint64_t n_bytes = 0;
    bool ok = argc > 1;
    for (int i = 1; i < argc; i++) {
        struct decoder *d = decoder_open(argv[i]);
        if (d == NULL) {
            return 1;
        }
        while (decoder_read(d, block, sizeof(block)) > 0) {
        }
        n_bytes += decoder_offset(d);
        ok = ok && decoder_damage(d) == NULL;
        decoder_close(d);
    }
    printf("%" PRIu64 "\n", n_bytes);
    return ok ? 0 : 1;
}
