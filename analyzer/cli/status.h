/* SPDX-License-Identifier: MIT */
/* cli/status.h - exit statuses, a contract with scripts and cron. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

/*
 * One list: the enum and the table in every man page come from here.  A run
 * that a signal stops ends with 128 + the signal (130, 143).
 */
#define STATUS_LIST(X)                                                         \
    X(DONE, 0, "All was done.")                                                \
    X(PARTIAL, 1,                                                              \
        "All was done, but some input was damaged or skipped; each such "      \
        "file is named on standard error.")                                    \
    X(USAGE, 2, "The command line is wrong.")                                  \
    X(CONFIG, 3, "A pattern pack or the configuration is wrong.")              \
    X(IO, 4,                                                                   \
        "Reading, writing or the database failed; the database is as it was "  \
        "before the step that failed.")                                        \
    X(FOUND, 10, "findings --fail-on: such a finding is there.")               \
    X(INTERRUPTED, 130, "Stopped by an interrupt (SIGINT).")                   \
    X(TERMINATED, 143, "Stopped by a request to terminate (SIGTERM).")

#define STATUS_ENUM(name, value, text) STATUS_##name = (value),
enum status { STATUS_LIST(STATUS_ENUM) };

#endif
