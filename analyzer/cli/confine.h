/* SPDX-License-Identifier: MIT */
/* cli/confine.h - give up what reading logs does not need. */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

#include "input/paths.h"

/**
 * confine_process(inputs, database):
 * From here on this thread, and those it starts, can read only the folders in
 * which ${inputs} and ${database} really lie, write only the latter (NULL:
 * nothing), start no program and no process, and open no socket.  What is
 * open stays open.  To be called once everything else was read, before the
 * first byte of a log.  Where the kernel knows no Landlock, or a container
 * allows no filter, the rest of it holds; -v says so.
 */
void confine_process(const struct path_list *inputs, const char *database);

#endif
