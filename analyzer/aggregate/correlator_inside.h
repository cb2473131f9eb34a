/* SPDX-License-Identifier: MIT */
/* aggregate/correlator_inside.h - what the files of the correlator share. */
#ifndef AGGREGATE_CORRELATOR_INSIDE_H
#define AGGREGATE_CORRELATOR_INSIDE_H

#include "aggregate/correlator.h"
#include "aggregate/lives.h"
#include "base/intern.h"
#include "mail/address.h"

struct correlator {
    struct lives lives;
    struct journal journal;
    struct intern *hosts;
    struct intern *names; /* domains and providers */
    uint32_t host;        /* the last one, most often the next one too */
    int64_t seq;
    int64_t n_evicted;
    struct expired_recipient *expired;
    size_t expired_cap;
    char sender_text[DOMAIN_TEXT_LEN];
};

#endif
