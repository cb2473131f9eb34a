/* SPDX-License-Identifier: MIT */
#include "store/replies.h"

bool replies_read(struct store *s,
    void (*take)(void *context, const struct replies_row *row), void *context)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT r.direction, r.stage, r.reply_code, r.enhanced_code,"
        " r.logged_code, r.template, f.n"
        " FROM (SELECT reply, sum(attempts) AS n FROM failure GROUP BY reply)"
        " AS f JOIN reply AS r ON r.id = f.reply WHERE f.n > 0"
        " ORDER BY f.n DESC, r.template, r.reply_code, r.stage, r.direction");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        struct replies_row row = {.code = sqlite3_column_int(q, 2),
            .template = store_column_text(q, 5),
            .attempts = sqlite3_column_int64(q, 6)};
        direction_parse(store_column_text(q, 0), &row.direction);
        stage_parse(store_column_text(q, 1), &row.stage);
        status_parse(store_column_text(q, 3), &row.enhanced);
        status_parse(store_column_text(q, 4), &row.logged);
        take(context, &row);
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

/* Nearly every reply was seen by some source: the facts, which are many, are
 * looked at only for those that were not. */
bool replies_drop_unused(struct store *s)
{
    return store_run(s,
        "DELETE FROM reply WHERE id NOT IN (SELECT reply FROM reply_seen)"
        " AND id NOT IN (SELECT reply FROM sample)"
        " AND id NOT IN (SELECT reply FROM queue_event"
        "                WHERE reply IS NOT NULL)"
        " AND id NOT IN (SELECT reply FROM failure)");
}
