/* SPDX-License-Identifier: MIT */
/*
 * One SQL function each; all are deterministic as far as one run goes, so
 * SQLite may call them once for equal arguments.
 */
#include "findings/lexicon.h"

#include "base/diag.h"

#include <stdint.h>
#include <string.h>

static const struct lexicon knows_nothing;

const char *lexicon_ask(
    const struct lexicon *lexicon, lexicon_fn *fn, const char *a, const char *b)
{
    const char *answer =
        fn != NULL && a != NULL ? fn(lexicon->state, a, b) : NULL;
    return answer != NULL ? answer : "";
}

unsigned lexicon_marks(
    const struct lexicon *lexicon, struct span cause, struct span detail)
{
    return lexicon->marks != NULL
               ? lexicon->marks(lexicon->state, cause, detail)
               : 0;
}

/* Argument ${i} as text, "" if it is NULL or not there. */
static const char *argument(int n, sqlite3_value **values, int i)
{
    const char *text =
        i < n ? (const char *)sqlite3_value_text(values[i]) : NULL;
    return text != NULL ? text : "";
}

static void answer(sqlite3_context *context, const char *text, size_t len)
{
    if (len == 0) {
        sqlite3_result_null(context);
    } else {
        sqlite3_result_text(context, text, (int)len, SQLITE_TRANSIENT);
    }
}

static void ask(sqlite3_context *context, int n, sqlite3_value **values,
    lexicon_fn *fn, char until)
{
    const struct lexicon *lexicon = sqlite3_user_data(context);
    const char *text = lexicon_ask(
        lexicon, fn, argument(n, values, 0), argument(n, values, 1));
    const char *end = strchr(text, until);
    answer(context, text, end != NULL ? (size_t)(end - text) : strlen(text));
}

#define SQL_FUNCTION(name, until)                                              \
    static void sql_##name(                                                    \
        sqlite3_context *context, int n, sqlite3_value **values)               \
    {                                                                          \
        const struct lexicon *lexicon = sqlite3_user_data(context);            \
        ask(context, n, values, lexicon->name, until);                         \
    }

SQL_FUNCTION(meaning, '\0')
SQL_FUNCTION(delist_url, '\0')
SQL_FUNCTION(cause_title, '\0')
SQL_FUNCTION(side, '\0')
SQL_FUNCTION(advice, '\t')

bool lexicon_register(sqlite3 *db, const struct lexicon *lexicon)
{
    static const struct {
        const char *name;
        int arguments;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"meaning", 2, sql_meaning},
        {"delist_url", 1, sql_delist_url},
        {"cause_title", 2, sql_cause_title},
        {"side", 2, sql_side},
        {"advice", 2, sql_advice},
    };
    const void *state = lexicon != NULL ? lexicon : &knows_nothing;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        int status = sqlite3_create_function(db, functions[i].name,
            functions[i].arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            (void *)(uintptr_t)state, functions[i].function, NULL, NULL);
        if (status != SQLITE_OK) {
            diag_error("%s: %s", functions[i].name, sqlite3_errmsg(db));
            return false;
        }
    }
    return true;
}
