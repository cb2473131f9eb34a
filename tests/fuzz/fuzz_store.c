/* SPDX-License-Identifier: MIT */
/*
 * A database that somebody damaged, to every reader: dump, check, reports and
 * merge end with a message or an answer.  The damage is bytes of the file, or
 * values that the schema would not let in.
 */
#include "base/diag.h"
#include "base/memory.h"
#include "pipeline/pipeline.h"
#include "report/report.h"
#include "store/dump.h"
#include "store/integrity.h"
#include "store/merge.h"
#include "store/resolve.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_PLACES = 512, PATH_LEN = 128, PATCH_LEN = 4, VALUE_LEN = 12 };

struct place {
    char table[64];
    char name[64];
};

static char folder[] = "/dev/shm/smtpscope-fuzz-XXXXXX";
static char base_path[PATH_LEN];
static char path[PATH_LEN];
static char other_path[PATH_LEN];
static char *base;
static size_t base_len;
static struct place places[MOST_PLACES];
static size_t n_places;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* ---- the sound database ---- */

static void ingest(void)
{
    const char *logs[] = {"tests/fixtures/postfix/agents.log",
        "tests/fixtures/zonemta/made-up.log"};
    struct path_list *paths = paths_expand(logs, 2);
    struct knowledge *knowledge = knowledge_load(NULL);
    struct rules *rules = rules_load(knowledge, NULL);
    struct formats *formats = formats_load(NULL);
    struct zones *zones = zones_open("UTC", NULL);
    struct pipeline_context context = {.formats = formats,
        .rules = rules,
        .knowledge = knowledge,
        .zones = zones};
    struct pipeline_ingest_options options = {.paths = paths,
        .store = store_open(base_path, STORE_WRITE),
        .n_workers = 1};
    struct pipeline_summary summary;
    pipeline_ingest(&context, &options, &summary);
    check(summary.n_events > 0 && !summary.store_failed);
    /* so small a store has roll-ups only if it has some (store/rollup.h) */
    check(store_run(options.store,
              "INSERT INTO rollup_day VALUES (-9, 1);"
              "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')") &&
          resolve_run(options.store));
    check(store_run(options.store,
        "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE"));
    store_close(options.store);
    zones_free(zones);
    formats_free(formats);
    rules_free(rules);
    knowledge_free(knowledge);
    paths_free(paths);
}

static void read_base(void)
{
    struct stat status;
    int fd = open(base_path, O_RDONLY);
    check(fd >= 0 && fstat(fd, &status) == 0);
    base_len = (size_t)status.st_size;
    base = memory_alloc(base_len);
    check(read(fd, base, base_len) == (ssize_t)base_len);
    close(fd);
}

static void list_places(void)
{
    struct store *s = store_open(base_path, STORE_READ);
    sqlite3_stmt *q = store_prepare(s,
        "SELECT m.name, c.name FROM sqlite_schema AS m,"
        " pragma_table_info(m.name) AS c WHERE m.type = 'table'"
        " ORDER BY m.name, c.cid");
    while (store_step(s, q) == SQLITE_ROW && n_places < MOST_PLACES) {
        struct place *c = &places[n_places++];
        snprintf(c->table, sizeof(c->table), "%s", sqlite3_column_text(q, 0));
        snprintf(c->name, sizeof(c->name), "%s", sqlite3_column_text(q, 1));
    }
    sqlite3_finalize(q);
    store_close(s);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    check(mkdtemp(folder) != NULL);
    snprintf(base_path, sizeof(base_path), "%s/base.db", folder);
    snprintf(path, sizeof(path), "%s/fuzz.db", folder);
    snprintf(other_path, sizeof(other_path), "%s/into.db", folder);
    ingest();
    read_base();
    list_places();
    return 0;
}

/* ---- the damage ---- */

static void write_file(const char *name, const char *bytes, size_t len)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
    close(fd);
}

/* Three bytes of offset and a value each; the first half of the file, where
 * the schema and the small tables lie, is met as often as the rest. */
static void damage_bytes(const uint8_t *data, size_t len)
{
    char *bytes = memory_copy((struct span){base, base_len});
    for (; len >= PATCH_LEN; data += PATCH_LEN, len -= PATCH_LEN) {
        size_t at = (size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2];
        bytes[at % base_len] = (char)data[3];
    }
    write_file(path, bytes, len > 0 ? base_len * data[0] / 256 : base_len);
    free(bytes);
}

static void bind_value(sqlite3_stmt *q, const uint8_t *data)
{
    const void *bytes = data + 4;
    int64_t number = 0;
    memcpy(&number, bytes, sizeof(number));
    switch (data[2] % 6) {
    case 0:
        sqlite3_bind_null(q, 1);
        break;
    case 1:
        sqlite3_bind_int64(q, 1, number);
        break;
    case 2:
        sqlite3_bind_int64(q, 1, data[4]);
        break;
    case 3:
        sqlite3_bind_text(q, 1, bytes, data[3] % 9, SQLITE_STATIC);
        break;
    case 4:
        sqlite3_bind_zeroblob(q, 1, data[3] * 16);
        break;
    default:
        sqlite3_bind_blob(q, 1, bytes, data[3] % 9, SQLITE_STATIC);
        break;
    }
}

/* VALUE_LEN bytes each: which column, what kind of value, the value. */
static void damage_values(const uint8_t *data, size_t len)
{
    sqlite3 *db = NULL;
    char sql[256];
    write_file(path, base, base_len);
    check(sqlite3_open(path, &db) == SQLITE_OK);
    sqlite3_exec(db,
        "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF",
        NULL, NULL, NULL);
    for (; len >= VALUE_LEN; data += VALUE_LEN, len -= VALUE_LEN) {
        size_t i = ((size_t)data[0] << 8 | data[1]) % n_places;
        sqlite3_stmt *q = NULL;
        sqlite3_snprintf((int)sizeof(sql), sql,
            "UPDATE OR REPLACE \"%w\" SET \"%w\" = ?1", places[i].table,
            places[i].name);
        if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK) {
            bind_value(q, data);
            sqlite3_step(q);
        }
        sqlite3_finalize(q);
    }
    sqlite3_close(db);
}

/* ---- the readers ---- */

static void read_store(FILE *nowhere)
{
    struct store *s = store_open(path, STORE_READ);
    if (s == NULL) {
        return;
    }
    int64_t n_problems = 0;
    struct report_request request = {.format = REPORT_JSON,
        .filter = {.since = INT64_MIN, .until = INT64_MAX},
        .output = "/dev/null"};
    dump_write(s, nowhere);
    integrity_check(s, nowhere, &n_problems);
    report_write(store_database(s), &request);
    request.format = REPORT_HTML;
    report_write(store_database(s), &request);
    store_close(s);
}

static void merge_store(FILE *nowhere)
{
    struct merge_counts counts;
    unlink(other_path);
    struct store *into = store_open(other_path, STORE_WRITE);
    check(into != NULL && store_run(into, "PRAGMA synchronous = OFF"));
    if (merge_from(into, path, &counts) && resolve_run(into)) {
        dump_write(into, nowhere);
    }
    check(store_close(into));
}

/* The first byte chooses the kind of damage. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0) {
        return 0;
    }
    FILE *nowhere = fopen("/dev/null", "w");
    check(nowhere != NULL);
    ((data[0] & 1) != 0 ? damage_values : damage_bytes)(data + 1, len - 1);
    read_store(nowhere);
    merge_store(nowhere);
    fclose(nowhere);
    return 0;
}
