/* SPDX-License-Identifier: MIT */
/* store/store_file.h - the file of a database, before SQLite opens it. */
#ifndef STORE_STORE_FILE_H
#define STORE_STORE_FILE_H

#include "store/store.h"

/** store_file_refuse(path, why): Report that ${path} cannot be opened. */
void store_file_refuse(const char *path, const char *why);

/** store_file_is_safe(path): False, having reported it, if ${path} or what
 * SQLite keeps beside it is a link or lies where others may put a trap (see
 * base/safepath.h). */
bool store_file_is_safe(const char *path);

/** store_file_sort_beside(path): Let SQLite's temporary files lie in the
 * folder of ${path}, unless the environment says where. */
void store_file_sort_beside(const char *path);

/**
 * store_file_lock(path, mode):
 * Open ${path}, which STORE_WRITE creates, and lock it against all others who
 * write, for whom it waits up to LIMIT_LOCK_WAIT_MS.  Return the descriptor,
 * which holds the lock until it is closed; or -1, having reported why.
 */
int store_file_lock(const char *path, enum store_mode mode);

#endif
