/* SPDX-License-Identifier: MIT */
/*
 * Each table is one statement that sums over sources; every column is text or
 * a number and is written as it comes.  The statements stand for themselves:
 * they do not use the views, so that a dump can also prove these.
 */
#include "store/dump.h"

/* Rows of hours that do not count, because another source holds them too. */
#define COUNTED                                                                \
    " WHERE (source, host, hour) NOT IN"                                       \
    " (SELECT source, host, hour FROM duplicate_hour WHERE equal = 1) "

#define REPLY_KEY                                                              \
    " r.direction, r.stage, r.reply_code, r.enhanced_code, r.logged_code,"     \
    " r.template "

static const char *const statements[] = {
    "WITH c AS (SELECT hour, direction, host, domain, provider, delivered,"
    " deferred, bounced, expired, rejected, accepted, discarded, held,"
    " suspended, other_hosts, hops, probes FROM traffic" COUNTED
    " UNION ALL SELECT hour, direction, host, recipient_domain, provider,"
    " 0, 0, 0, n, 0, 0, 0, 0, 0, 0, 0, 0 FROM attribution" COUNTED
    " AND disposition = 'expired')"
    " SELECT 'traffic', hour, direction, h.name, d.name, p.name,"
    " sum(delivered), sum(deferred), sum(bounced), sum(expired),"
    " sum(rejected), sum(accepted), sum(discarded), sum(held),"
    " sum(suspended), sum(other_hosts), sum(hops), sum(probes)"
    " FROM c JOIN host AS h ON h.id = host JOIN domain AS d ON d.id = domain"
    " JOIN provider AS p ON p.id = provider GROUP BY 2, 3, 4, 5, 6"
    " HAVING sum(delivered) OR sum(deferred) OR sum(bounced) OR sum(expired)"
    " OR sum(rejected) OR sum(accepted) OR sum(discarded) OR sum(held)"
    " OR sum(suspended) OR sum(other_hosts) OR sum(hops) OR sum(probes)"
    " ORDER BY 2, 3, 4, 5, 6",

    "WITH c AS (SELECT hour, direction, host, domain, delivered, deferred,"
    " bounced, expired, rejected, accepted FROM sender_traffic" COUNTED
    " UNION ALL SELECT hour, direction, host, sender_domain,"
    " n * (disposition = 'delivered'), n * (disposition = 'deferred'),"
    " n * (disposition = 'bounced'), n * (disposition = 'expired'),"
    " n * (disposition = 'rejected'), 0 FROM attribution" COUNTED
    ") SELECT 'sender_traffic', hour, direction, h.name, d.name,"
    " sum(delivered), sum(deferred), sum(bounced), sum(expired),"
    " sum(rejected), sum(accepted)"
    " FROM c JOIN host AS h ON h.id = host JOIN domain AS d ON d.id = domain"
    " GROUP BY 2, 3, 4, 5"
    " HAVING sum(delivered) OR sum(deferred) OR sum(bounced) OR sum(expired)"
    " OR sum(rejected) OR sum(accepted) ORDER BY 2, 3, 4, 5",

    "WITH c AS (SELECT hour, host, sender_domain, recipient_domain, provider,"
    " reply, attempts, suspended, other_hosts FROM failure" COUNTED
    " UNION ALL SELECT hour, host, sender_domain, recipient_domain, provider,"
    " reply, n * (disposition IN ('deferred', 'bounced', 'rejected')),"
    " n * (disposition = 'suspended'), n * (disposition = 'other_hosts')"
    " FROM attribution" COUNTED " AND reply <> 0)"
    " SELECT 'failure', hour, h.name, s.name, d.name, p.name," REPLY_KEY
    ", sum(attempts), sum(suspended), sum(other_hosts)"
    " FROM c JOIN host AS h ON h.id = host"
    " JOIN domain AS s ON s.id = sender_domain"
    " JOIN domain AS d ON d.id = recipient_domain"
    " JOIN provider AS p ON p.id = provider JOIN reply AS r ON r.id = reply"
    " GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"
    " HAVING sum(attempts) OR sum(suspended) OR sum(other_hosts)"
    " ORDER BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",

    "SELECT 'reply'," REPLY_KEY ", cause, detail, rule, dnsbl,"
    " min(first_seen), max(last_seen)"
    " FROM reply AS r JOIN reply_seen AS s ON s.reply = r.id"
    " GROUP BY r.id ORDER BY 2, 3, 4, 5, 6, 7",

    "SELECT 'listing', hour, h.name, dnsbl, address, sum(attempts),"
    " min(first_seen), max(last_seen)"
    " FROM listing JOIN host AS h ON h.id = host" COUNTED
    " GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5",

    "SELECT 'latency', hour, h.name, p.name, bucket, sum(deliveries)"
    " FROM latency JOIN host AS h ON h.id = host"
    " JOIN provider AS p ON p.id = provider" COUNTED
    " GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5",

    /* the best of all sources, as aggregate/samples.h chooses them */
    "WITH c AS (SELECT reply, hash, min(time) AS time, min(line) AS line,"
    " row_number() OVER (PARTITION BY reply ORDER BY hash) AS place"
    " FROM sample GROUP BY reply, hash)"
    " SELECT 'sample'," REPLY_KEY ", time, line FROM c"
    " JOIN reply AS r ON r.id = reply WHERE place <= 3"
    " ORDER BY 2, 3, 4, 5, 6, 7, place",

    "SELECT 'line_count', mta, program, class, sum(lines) FROM line_count"
    " GROUP BY 2, 3, 4 ORDER BY 2, 3, 4",

    "SELECT 'unknown_line', mta, program, template, sum(lines), min(example)"
    " FROM unknown_line GROUP BY 2, 3, 4 ORDER BY 2, 3, 4",
};

static void write_byte(unsigned char c, FILE *out)
{
    if (c == '\t') {
        fputs("\\t", out);
    } else if (c == '\n') {
        fputs("\\n", out);
    } else if (c == '\\') {
        fputs("\\\\", out);
    } else if (c < 0x20 || c == 0x7f) {
        fprintf(out, "\\x%02x", c);
    } else {
        putc(c, out);
    }
}

static void write_text(struct span text, FILE *out)
{
    for (size_t at = 0; at < text.len; at++) {
        const char *p = text.ptr + at;
        if (at + 1 < text.len && span_is_c1(p)) {
            fprintf(out, "\\xc2\\x%02x", (unsigned char)p[1]);
            at++;
        } else {
            write_byte((unsigned char)*p, out);
        }
    }
}

static void write_row(sqlite3_stmt *q, FILE *out)
{
    int n = sqlite3_column_count(q);
    for (int i = 0; i < n; i++) {
        if (i > 0) {
            putc('\t', out);
        }
        struct span text = store_column_text(q, i);
        write_text(text, out);
    }
    putc('\n', out);
}

static bool dump_table(struct store *s, const char *sql, FILE *out)
{
    sqlite3_stmt *q = store_prepare(s, sql);
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        write_row(q, out);
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

/* All tables as of one moment. */
bool dump_write(struct store *s, FILE *out)
{
    if (!store_run(s, "BEGIN")) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof(statements) / sizeof(statements[0]);
         i++) {
        ok = dump_table(s, statements[i], out);
    }
    store_rollback(s);
    return ok;
}
