/* SPDX-License-Identifier: MIT */
/* tests/unit/findings_fixture.h - a month of failures for single detectors. */
#ifndef TESTS_UNIT_FINDINGS_FIXTURE_H
#define TESTS_UNIT_FINDINGS_FIXTURE_H

#include "findings/evidence.h"

/* Hour 0, a Saturday's midnight in UTC; how many there are, and from which one
 * on findings are asked for. */
#define FIXTURE_BEGIN INT64_C(1759536000)
enum { FIXTURE_HOURS = 672, FIXTURE_SINCE = 504 };

/* Replies.  REPLY_NEW_LIST and REPLY_INBOUND_LIST name lists that no other
 * reply names; REPLY_OTHER_USER is of the same cause as REPLY_USER. */
enum {
    REPLY_USER = 1,
    REPLY_LISTED = 2,
    REPLY_LOOKUP = 3,
    REPLY_NEW_LIST = 6,
    REPLY_INBOUND_LIST = 7,
    REPLY_OTHER_USER = 8,
    REPLY_LOOKUP_THEIRS = 9,
    REPLY_SAME_LIST = 10 /* as REPLY_INBOUND_LIST, outbound */
};

struct findings_fixture {
    sqlite3 *db;
    struct findings_settings settings;
    struct search search;
    struct kinds kinds;
    struct series_set *set;
    struct evidence evidence;
};

/* Attempts in each of some hours; provider 1 has no name, 2 is Google, domains
 * are any number. */
struct fixture_failure {
    size_t from;
    size_t hours;
    uint32_t reply;
    uint32_t domain;
    uint32_t provider;
    int64_t attempts;
};

/** findings_fixture_open(f): A store without any mail. */
void findings_fixture_open(struct findings_fixture *f);

/** findings_fixture_fail(f, which): Let mail fail, each hour. */
void findings_fixture_fail(
    struct findings_fixture *f, const struct fixture_failure *which);

/** findings_fixture_deliver(f, n): Tell that ${n} attempts an hour went well in
 * each direction, outbound to the first domain of each provider. */
void findings_fixture_deliver(struct findings_fixture *f, int n);

/** findings_fixture_load(f): Read the store: ${f->evidence} can be used. */
void findings_fixture_load(struct findings_fixture *f);

/** findings_fixture_close(f): End all of it. */
void findings_fixture_close(struct findings_fixture *f);

#endif
