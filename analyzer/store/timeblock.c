/* SPDX-License-Identifier: MIT */
#include "store/timeblock.h"

int64_t timeblock_hours(int level)
{
    int64_t hours = level == ROLLUP_HOURS ? 1 : ROLLUP_DAY_HOURS;
    for (int i = ROLLUP_DAYS; i < level; i++) {
        hours *= ROLLUP_FACTOR;
    }
    return hours;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t timeblock_of(int64_t hour, int level)
{
    return floor_div(hour, timeblock_hours(level));
}
