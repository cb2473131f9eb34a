/* SPDX-License-Identifier: MIT */
/* store/timeblock.h - the blocks of time that facts are rolled up over. */
#ifndef STORE_TIMEBLOCK_H
#define STORE_TIMEBLOCK_H

#include <stdint.h>

/*
 * Blocks of level 0 are hours, 1 days; above that, each block is eight of the
 * level below: eight days, 64 days, 512 days.  Blocks of a level are numbered
 * from 1970-01-01 on.
 */
enum {
    ROLLUP_HOURS = 0,
    ROLLUP_DAYS = 1,
    ROLLUP_TOP = 4,
    ROLLUP_FACTOR = 8,
    ROLLUP_DAY_HOURS = 24
};

/** timeblock_hours(level): How many hours a block of ${level} has. */
int64_t timeblock_hours(int level);

/** timeblock_of(hour, level): The number of the block of ${level} that holds
 * the hour ${hour} (counted from 1970-01-01 on). */
int64_t timeblock_of(int64_t hour, int level);

#endif
