/* SPDX-License-Identifier: MIT */
/* parse/zones.h - which time zone the stamps of which log are in. */
#ifndef PARSE_ZONES_H
#define PARSE_ZONES_H

#include "parse/zone.h"

/* One zone for all, and others for logs whose paths match patterns; immutable,
 * shared by threads. */
struct zones;

/**
 * zones_open(spec, site_dir):
 * ${spec} is what --tz says: zones and PATTERN=ZONE, separated by commas
 * ("Europe/Berlin,ny-*=America/New_York"); NULL: the system's zone for all.
 * Further patterns come from ${site_dir}/timezones.yaml (NULL: none), behind
 * those of ${spec}.  Call before threads start.  Return NULL, having reported
 * why, if one is wrong.  zones_free() ends it.
 */
struct zones *zones_open(const char *spec, const char *site_dir);

/** zones_of(z, path): The zone of the log at ${path}: that of the first
 * pattern (a shell's, whose star matches slashes too) that matches. */
const struct zone *zones_of(const struct zones *z, const char *path);

/** zones_free(z): NULL does nothing. */
void zones_free(struct zones *z);

#endif
