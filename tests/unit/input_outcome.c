/* SPDX-License-Identifier: MIT */
#include "input_outcome.h"

#include "input_fixture.h"

#include "base/memory.h"
#include "input/decoder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static void say(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

void input_outcome_decode(const char *path, size_t cap, struct input_outcome *o)
{
    buffer_init(&o->bytes, INPUT_FIXTURE_LIMIT);
    struct decoder *d = decoder_open(path);
    cr_assert_not_null(d, "%s", path);
    o->mtime_hint = decoder_mtime_hint(d);
    char *block = memory_alloc(cap);
    for (size_t n = cap; n == cap;) {
        n = decoder_read(d, block, cap);
        buffer_add(&o->bytes, (struct span){block, n});
    }
    cr_expect_eq(decoder_read(d, block, cap), 0, "the end stays the end");
    free(block);
    say(o->container, sizeof(o->container), decoder_container(d));
    say(o->damage, sizeof(o->damage), decoder_damage(d));
    say(o->note, sizeof(o->note), decoder_note(d));
    o->offset = decoder_offset(d);
    o->compressed_offset = decoder_compressed_offset(d);
    o->size = decoder_size(d);
    cr_expect_eq(o->offset, o->bytes.len);
    decoder_close(d);
}
