/* SPDX-License-Identifier: MIT */
#include "store/names.h"

#include "base/intern.h"
#include "base/memory.h"

#include <stdlib.h>

struct cache {
    struct intern *texts;
    int64_t *ids; /* by number of the text; 0: not asked for yet */
    uint32_t cap;
    sqlite3_stmt *find;
    sqlite3_stmt *add;
};

struct names {
    struct store *store;
    struct cache caches[NAMES_COUNT];
};

static const char *const find_sql[] = {"SELECT id FROM host WHERE name = ?",
    "SELECT id FROM domain WHERE name = ?",
    "SELECT id FROM provider WHERE name = ?"};

static const char *const add_sql[] = {"INSERT INTO host (name) VALUES (?)",
    "INSERT INTO domain (name) VALUES (?)",
    "INSERT INTO provider (name) VALUES (?)"};

struct names *names_create(struct store *s)
{
    struct names *n = memory_zalloc(1, sizeof(*n));
    n->store = s;
    bool ok = true;
    for (int i = 0; i < NAMES_COUNT; i++) {
        struct cache *c = &n->caches[i];
        c->texts = intern_create();
        c->find = store_prepare(s, find_sql[i]);
        c->add = store_prepare(s, add_sql[i]);
        ok = ok && c->find != NULL && c->add != NULL;
    }
    if (!ok) {
        names_free(n);
        return NULL;
    }
    return n;
}

static int64_t look_up(struct names *n, struct cache *c, struct span text)
{
    int64_t id = 0;
    store_bind_text(c->find, 1, text);
    int code = store_step(n->store, c->find);
    if (code == SQLITE_ROW) {
        id = sqlite3_column_int64(c->find, 0);
    }
    sqlite3_reset(c->find);
    if (code != SQLITE_DONE) {
        return id;
    }
    store_bind_text(c->add, 1, text);
    if (store_step(n->store, c->add) == SQLITE_DONE) {
        id = sqlite3_last_insert_rowid(store_database(n->store));
    }
    sqlite3_reset(c->add);
    return id;
}

int64_t names_id(struct names *n, enum names_table table, struct span text)
{
    struct cache *c = &n->caches[table];
    uint32_t number = intern_add(c->texts, text);
    if (number >= c->cap) {
        uint32_t cap = (number + 1) * 2;
        c->ids = memory_grow(c->ids, cap, sizeof(*c->ids));
        memset(c->ids + c->cap, 0, (cap - c->cap) * sizeof(*c->ids));
        c->cap = cap;
    }
    if (c->ids[number] == 0) {
        c->ids[number] = look_up(n, c, intern_text(c->texts, number));
    }
    return c->ids[number];
}

void names_free(struct names *n)
{
    if (n == NULL) {
        return;
    }
    for (int i = 0; i < NAMES_COUNT; i++) {
        struct cache *c = &n->caches[i];
        intern_free(c->texts);
        free(c->ids);
        sqlite3_finalize(c->find);
        sqlite3_finalize(c->add);
    }
    free(n);
}
