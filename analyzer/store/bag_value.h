/* SPDX-License-Identifier: MIT */
/* store/bag_value.h - bags as values of SQL functions. */
#ifndef STORE_BAG_VALUE_H
#define STORE_BAG_VALUE_H

#include "store/bag.h"

#include <sqlite3.h>

/** bag_value_refuse(context, why): The function fails with the message
 * ${why}. */
void bag_value_refuse(sqlite3_context *context, const char *why);

/** bag_value_open(context, value, c): Begin to read ${value}; false if it is
 * NULL, or no bag, which is told. */
bool bag_value_open(
    sqlite3_context *context, sqlite3_value *value, struct bag_cursor *c);

/** bag_value_check(context, c): To be called at the end of reading: tell if the
 * bytes were damaged. */
void bag_value_check(sqlite3_context *context, const struct bag_cursor *c);

/** bag_value_is_key(context, c, i): Whether the bag has a key ${i}, counted
 * from 1 on; tell if not. */
bool bag_value_is_key(
    sqlite3_context *context, const struct bag_cursor *c, int64_t i);

/** bag_value_give(context, b): Give the bag ${b} out as the result, and end
 * it. */
void bag_value_give(sqlite3_context *context, struct bag *b);

/** bag_value_give_union(context, u): The same of ${u}. */
void bag_value_give_union(sqlite3_context *context, struct bag_union *u);

#endif
