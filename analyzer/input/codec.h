/* SPDX-License-Identifier: MIT */
/* input/codec.h - what one step of decompression takes and gives. */
#ifndef INPUT_CODEC_H
#define INPUT_CODEC_H

#include <stddef.h>

enum codec_status {
    CODEC_MORE = 0, /* wants input or room */
    CODEC_END,      /* the stream is complete */
    CODEC_CORRUPT
};

/* A step moves both places as far as it took and filled. */
struct codec_io {
    const unsigned char *in;
    size_t in_len;
    unsigned char *out;
    size_t out_len;
};

#endif
