/* SPDX-License-Identifier: MIT */
/* store/bag_sql.h - bags (store/bag.h) in SQL. */
#ifndef STORE_BAG_SQL_H
#define STORE_BAG_SQL_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Where an argument is a bag, NULL is the empty one.  ${i} numbers keys from
 * 1 on.  ${n} says which entries count: those of which one of the first ${n}
 * sums is above 0; with 0 all.
 *
 *   bag(keys, span, key..., sum..., hour)   aggregate: a bag of ${keys} keys;
 *        ${hour} only if ${span} is 1
 *   bag_merge(bag)        aggregate: all of them added up
 *   bag_pick(bag, i, id)  the entries whose key ${i} is ${id}; NULL if none is
 *   bag_keys(bag, i...)   by these keys only, in this order
 *   bag_sum(bag, j, n)    sum ${j} (from 1 on) of the entries that count
 *   bag_first(bag, n), bag_last(bag, n)     first and last hour of those
 *   bag_count(bag, i, n)  aggregate: how many different keys ${i} they have
 *   bag_top(bag, i, value)  aggregate: a bag of one key, key ${i}, and one
 *        sum: of the values that were given with this key that with the
 *        largest total of the first sum, the smallest of several
 *   bag_gather(bag, value, i...)  aggregate: what counts of all, by these keys
 *        and ${value}: a bag of these and one sum, the first
 *   bag_map(bag, i, map)  the same keys, but for key ${i} what ${map} says, a
 *        bag of one key and one sum; the rest is left out; the first sum of
 *        what counts
 *   bag_among(bag, i, other)  the entries whose key ${i} is a key 1 of
 *        ${other}
 *   bag_most(bag, k, j...)    the ${k} entries that are largest by the total of
 *        these sums (of the first, if none is named), and those as large as
 *        the last of them; with NULL for ${k} all
 *   bag_size(bag, n)      how many entries count
 *   count_ids(id)         aggregate: how many different ids of a table of
 *        names; much faster than count(DISTINCT id)
 *   bag_each(bag)         a table: k1 to k4, v1 to v12, first_hour, last_hour
 *   bag_parts(bag)        a table: k1, and part, the bag of its entries
 */

/** bag_sql_register(db): Make them known to ${db}; nothing if they are.
 * False, having reported it, on failure. */
bool bag_sql_register(sqlite3 *db);

/** bag_each_register(db): The tables alone; for bag_sql_register(). */
int bag_each_register(sqlite3 *db);

#endif
