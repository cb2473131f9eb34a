/* SPDX-License-Identifier: MIT */
/*
 * Names and identities.  The id leaves out whatever changes from run to run
 * (times, numbers, severity), so that tonight's finding is known to be last
 * night's.
 */
#include "findings/finding.h"

#include "base/buffer.h"

#define NAME_OF(id, name) name,

static const char *const kinds[] = {"", FINDING_KIND_LIST(NAME_OF)};
static const char *const severities[] = {"", FINDING_SEVERITY_LIST(NAME_OF)};
static const char *const scopes[] = {"", FINDING_SCOPE_LIST(NAME_OF)};

#define COUNT(names) (sizeof(names) / sizeof(names)[0])

/* Texts of logs are cut where a name would be absurd. */
enum { MAX_IDENTITY = 8192 };

static const char *name_at(const char *const *names, size_t n, int at)
{
    return at > 0 && (size_t)at < n ? names[at] : "";
}

/* The place of ${name}, 0 if it is none of them. */
static int place_of(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 1; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            return (int)i;
        }
    }
    return 0;
}

const char *finding_kind_name(enum finding_kind k)
{
    return name_at(kinds, COUNT(kinds), (int)k);
}

const char *finding_severity_name(enum finding_severity s)
{
    return name_at(severities, COUNT(severities), (int)s);
}

const char *finding_scope_name(enum finding_scope s)
{
    return name_at(scopes, COUNT(scopes), (int)s);
}

enum finding_kind finding_kind_parse(const char *name)
{
    return (enum finding_kind)place_of(kinds, COUNT(kinds), name);
}

enum finding_severity finding_severity_parse(const char *name)
{
    return (enum finding_severity)place_of(severities, COUNT(severities), name);
}

enum finding_scope finding_scope_parse(const char *name)
{
    return (enum finding_scope)place_of(scopes, COUNT(scopes), name);
}

uint64_t finding_id(const struct finding *f)
{
    enum finding_kind kind = f->was != FINDING_UNKNOWN ? f->was : f->kind;
    const char *const parts[] = {finding_kind_name(kind),
        finding_scope_name(f->scope), f->name, f->direction, f->cause,
        f->detail, f->dnsbl, f->address};
    struct buffer text;
    buffer_init(&text, MAX_IDENTITY);
    for (size_t i = 0; i < COUNT(parts); i++) {
        buffer_add_string(&text, parts[i]);
        buffer_add_char(&text, '\n');
    }
    uint64_t id = span_hash(buffer_span(&text));
    buffer_free(&text);
    return id != 0 ? id : 1;
}
