/* SPDX-License-Identifier: MIT */
/* findings/finding.h - what is wrong, since when, how bad, what to do. */
#ifndef FINDINGS_FINDING_H
#define FINDINGS_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* id, name in JSON and configuration */
#define FINDING_KIND_LIST(X)                                                   \
    X(SHIFT, "shift")           /* a rate of failure left its baseline */      \
    X(LISTING, "listing")       /* an address of ours is on a DNSBL */         \
    X(NEW, "new")               /* never seen before */                        \
    X(CORRELATED, "correlated") /* unrelated destinations fail alike */        \
    X(RECOVERED, "recovered")   /* ended since the last run */                 \
    X(STALE, "stale")           /* a log stopped, has a gap, has drifted */    \
    X(FACT, "fact")             /* good to know, no alarm */

#define FINDING_SEVERITY_LIST(X)                                               \
    X(INFO, "info")         /* nothing to do */                                \
    X(NOTICE, "notice")     /* worth a look */                                 \
    X(WARNING, "warning")   /* somebody has to act */                          \
    X(CRITICAL, "critical") /* now */

#define FINDING_SCOPE_LIST(X)                                                  \
    X(EVERYTHING, "everything")                                                \
    X(PROVIDER, "provider")                                                    \
    X(RECIPIENT_DOMAIN, "recipient_domain")                                    \
    X(SENDER_DOMAIN, "sender_domain")                                          \
    X(HOST, "host") /* a server of ours */                                     \
    X(DNSBL, "dnsbl")                                                          \
    X(ADDRESS, "address") /* an IP address of ours */                          \
    X(SOURCE, "source")   /* a log */                                          \
    X(PROGRAM, "program") /* of an MTA, as its lines name it */

#define FINDING_KIND_ENUM(id, name) FINDING_##id,
enum finding_kind { FINDING_UNKNOWN = 0, FINDING_KIND_LIST(FINDING_KIND_ENUM) };

/* In order: a greater value is worse. */
#define FINDING_SEVERITY_ENUM(id, name) SEVERITY_##id,
enum finding_severity {
    SEVERITY_UNKNOWN = 0,
    FINDING_SEVERITY_LIST(FINDING_SEVERITY_ENUM)
};

#define FINDING_SCOPE_ENUM(id, name) SCOPE_##id,
enum finding_scope {
    SCOPE_UNKNOWN = 0,
    FINDING_SCOPE_LIST(FINDING_SCOPE_ENUM)
};

/*
 * All texts are terminated, never NULL ("" is: does not apply), live as long
 * as the list they stand in, and may hold log text: renderers escape them.
 */

/* One kind of reply that stands behind a finding. */
struct finding_evidence {
    const char *template;       /* the reply, variable parts masked */
    const char *rule;           /* id of the rule that decided its cause */
    const char *enhanced_code;  /* the remote's own, else the MTA's */
    int reply_code;             /* 0: no reply came */
    int64_t attempts;           /* within the finding's scope and time */
    const char *const *samples; /* log lines, local parts masked */
    size_t n_samples;
};

/* One thing to do. */
struct finding_step {
    const char *title;
    const char *text;
    const char *command; /* one to try, placeholders filled in; or "" */
    const char *url;     /* page to open (of a block list); or "" */
};

struct finding {
    enum finding_kind kind;
    enum finding_kind was; /* before it recovered; else unknown */
    enum finding_severity severity;
    enum finding_scope scope;
    const char *name;      /* of the scope; "" for everything */
    const char *direction; /* "outbound", "inbound"; "" if neither */
    const char *cause;     /* of the taxonomy; "" if it is about none */
    const char *detail;
    const char *dnsbl;        /* zone of the list that plays a part */
    const char *address;      /* address of ours that plays a part */
    const char *headline;     /* one plain sentence, no full stop */
    const char *const *notes; /* more of them: who sees it, what it hits */
    size_t n_notes;
    const char *unit;  /* of the three numbers: "attempts", "lines" … */
    int64_t since;     /* Unix seconds */
    int64_t until;     /* exclusive; 0: goes on */
    int64_t last_seen; /* when it was last met */
    double observed;   /* between since and until (or the end of data) */
    double expected;   /* by what was usual; 0 where nothing was */
    double excess;     /* observed less expected: ranks within a severity */
    double tried;      /* attempts of the scope in that time; 0: not known */
    double confidence; /* that it is no accident, 0 to 1 */
    const struct finding_evidence *evidence; /* most attempts first */
    size_t n_evidence;
    const struct finding_step *advice; /* most useful first */
    size_t n_advice;
    uint64_t id;       /* the same for the same trouble, run after run */
    uint64_t root;     /* id of the finding in this list that explains it; 0 */
    const char *muted; /* why the site does not want to hear it; "" */
};

/* A stretch of one count over time beside what was usual, for charts. */
struct finding_point {
    int64_t time; /* begin of the step */
    double observed;
    double expected; /* negative: nothing is known of what is usual */
    double low;      /* 95 % of ordinary steps lie between low and high */
    double high;
};

struct finding_band {
    const char *direction;
    const char *measure; /* "failures": attempts, all causes */
    int64_t step;        /* seconds */
    const struct finding_point *points;
    size_t n_points;
};

struct arena;

/* Ranked: worst first, each followed by those whose root it is. */
struct findings {
    const struct finding *items;
    size_t n;
    const struct finding_band *bands;
    size_t n_bands;
    int64_t since;       /* of the period asked for */
    int64_t until;       /* exclusive: the end of the data, if earlier */
    struct arena *arena; /* owns everything above */
};

/** finding_kind_name(k), …: The name in JSON and configuration; "" is
 * unknown. */
const char *finding_kind_name(enum finding_kind k);
const char *finding_severity_name(enum finding_severity s);
const char *finding_scope_name(enum finding_scope s);

/** finding_severity_parse(name): The reverse; SEVERITY_UNKNOWN for any other
 * text.  finding_kind_parse(), finding_scope_parse() alike. */
enum finding_severity finding_severity_parse(const char *name);
enum finding_kind finding_kind_parse(const char *name);
enum finding_scope finding_scope_parse(const char *name);

/** finding_id(f): What ->id has to be: a hash of kind (before recovery), scope,
 * name, direction, cause, detail, list and address, never 0. */
uint64_t finding_id(const struct finding *f);

#endif
