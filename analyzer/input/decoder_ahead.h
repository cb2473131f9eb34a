/* SPDX-License-Identifier: MIT */
/* input/decoder_ahead.h - a second thread decodes what is read next. */
#ifndef INPUT_DECODER_AHEAD_H
#define INPUT_DECODER_AHEAD_H

#include "input/decoder.h"

/*
 * Blocks are decoded one after the other, by whoever has time: by the thread
 * that offers to, or by the one that reads when there is none left for it.
 * What is read, and all that the decoder says of it, is the same as without.
 */

/** decoder_ahead_begin(d, room, context): From now on another thread may call
 * decoder_ahead_work(); ${room} is called with ${context}, by the thread that
 * reads, whenever that has something to do again.  A second call names another
 * ${room}, and may come only while nobody else can call it. */
void decoder_ahead_begin(
    struct decoder *d, void (*room)(void *context), void *context);

/** decoder_ahead_work(d): Decode a block; false if there was none to decode:
 * enough wait to be read, or another thread is at it, or the data are over, or
 * decoder_ahead_begin() was not called.  Nobody may call it any more once ${d}
 * is closed. */
bool decoder_ahead_work(struct decoder *d);

#endif
