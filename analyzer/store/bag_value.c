/* SPDX-License-Identifier: MIT */
#include "store/bag_value.h"

#include <stdlib.h>

void bag_value_refuse(sqlite3_context *context, const char *why)
{
    sqlite3_result_error(context, why, -1);
}

bool bag_value_open(
    sqlite3_context *context, sqlite3_value *value, struct bag_cursor *c)
{
    if (sqlite3_value_type(value) == SQLITE_NULL) {
        return false;
    }
    const char *bytes = sqlite3_value_blob(value);
    struct span span = {
        bytes != NULL ? bytes : "", (size_t)sqlite3_value_bytes(value)};
    if (!bag_open(c, span)) {
        bag_value_refuse(context, "not a bag");
        return false;
    }
    return true;
}

void bag_value_check(sqlite3_context *context, const struct bag_cursor *c)
{
    if (c->damaged) {
        bag_value_refuse(context, "not a bag");
    }
}

bool bag_value_is_key(
    sqlite3_context *context, const struct bag_cursor *c, int64_t i)
{
    bool is = i >= 1 && i <= c->shape.n_keys;
    if (!is) {
        bag_value_refuse(context, "no such key in the bag");
    }
    return is;
}

static void give(sqlite3_context *context, struct buffer *out)
{
    if (out->overflowed) {
        buffer_free(out);
        sqlite3_result_error_toobig(context);
    } else {
        sqlite3_result_blob64(context, out->bytes, out->len, free);
    }
}

void bag_value_give(sqlite3_context *context, struct bag *b)
{
    struct buffer out;
    buffer_init(&out, BAG_MOST_BYTES);
    bag_write(b, &out);
    bag_free(b);
    give(context, &out);
}

void bag_value_give_union(sqlite3_context *context, struct bag_union *u)
{
    struct buffer out;
    buffer_init(&out, BAG_MOST_BYTES);
    bag_union_write(u, &out);
    bag_union_free(u);
    give(context, &out);
}
