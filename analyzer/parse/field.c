/* SPDX-License-Identifier: MIT */
#include "parse/field.h"

#define FIELD_TEXT(name) SPAN_INIT(#name),
static const struct span names[] = {FIELD_LIST(FIELD_TEXT)};

bool field_parse(struct span name, enum field *f)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (span_equal(name, names[i])) {
            *f = (enum field)i;
            return true;
        }
    }
    return false;
}

const char *field_name(enum field f)
{
    return names[f].ptr;
}
