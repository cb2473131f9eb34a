/* SPDX-License-Identifier: MIT */
/* cli/timespan.h - the periods that a command line names. */
#ifndef CLI_TIMESPAN_H
#define CLI_TIMESPAN_H

#include "cli/options.h"

/**
 * timespan_resolve(settings):
 * Turn the words of --since, --until and --compare in ${settings} into times,
 * as somebody in the zone settings->zone (NULL: the system's) means them now
 * (see cli/moment.h).  --compare previous is the period of the same length
 * that ends at --since: as many days where both ends are midnights, however
 * long those days were.  Return false, having reported what does not fit.
 */
bool timespan_resolve(struct settings *settings);

#endif
