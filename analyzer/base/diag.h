/* SPDX-License-Identifier: MIT */
/* base/diag.h - what the program says to the person who runs it. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

/*
 * Messages go to standard error as "smtpscope: WHAT: WHY", one line each.
 * Control bytes in them (they may quote log text) are written as \xNN.
 * Safe to call from several threads.
 */
enum diag_level {
    DIAG_QUIET = 0, /* errors only (-q) */
    DIAG_NORMAL,    /* errors, warnings, summaries */
    DIAG_VERBOSE    /* and what is being done (-v) */
};

/** diag_set_level(level): How much is said; call before threads start. */
void diag_set_level(enum diag_level level);

/** diag_level(): The level now. */
enum diag_level diag_level(void);

/** diag_error(format, ...): Always said. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** diag_warn(format, ...): Said unless quiet. */
void diag_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** diag_info(format, ...): Said when verbose. */
void diag_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
