/* SPDX-License-Identifier: MIT */
/* store/bag_group.h - SQL that groups and ranks the entries of bags. */
#ifndef STORE_BAG_GROUP_H
#define STORE_BAG_GROUP_H

#include <sqlite3.h>

/** bag_group_register(db): Make bag_gather(), bag_top(), bag_map(),
 * bag_among(), bag_most() and bag_size() known to ${db} (store/bag_sql.h); an
 * error of SQLite. */
int bag_group_register(sqlite3 *db);

#endif
