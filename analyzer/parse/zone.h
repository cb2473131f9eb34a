/* SPDX-License-Identifier: MIT */
/* parse/zone.h - local time of one place to UTC. */
#ifndef PARSE_ZONE_H
#define PARSE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/* The local-time rules of one IANA zone; immutable, shared by threads. */
struct zone;

/* A wall clock's reading; month 1 to 12, no time zone. */
struct civil {
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
};

/**
 * zone_open(name):
 * The zone ${name} ("Europe/Berlin", "UTC"); NULL means the system's.  Call
 * before threads start: the C library's own zone is switched for a moment.
 * Return NULL, having reported it, if there is no such zone.
 */
struct zone *zone_open(const char *name);

/**
 * zone_utc(z, local):
 * Seconds since 1970, UTC, at which clocks in ${z} show ${local}.  Of the
 * hour that comes twice in autumn the first is meant; an hour that spring
 * leaves out counts on from winter time.
 */
int64_t zone_utc(const struct zone *z, const struct civil *local);

/** zone_local(z, utc, local): Store in ${local} what clocks in ${z} show at
 * ${utc}, seconds since 1970. */
void zone_local(const struct zone *z, int64_t utc, struct civil *local);

/** civil_seconds(c): Seconds since 1970 if ${c} were UTC. */
int64_t civil_seconds(const struct civil *c);

/** civil_is_valid(c): Is there such a day (29 February included) and time?
 * A leap second (60) is. */
bool civil_is_valid(const struct civil *c);

/** civil_of(seconds, c): The reading of a UTC clock at ${seconds}. */
void civil_of(int64_t seconds, struct civil *c);

/** zone_free(z): End ${z}.  NULL does nothing. */
void zone_free(struct zone *z);

#endif
