/* SPDX-License-Identifier: MIT */
/* classify/wrapped.h - the reply inside an MTA's own words. */
#ifndef CLASSIFY_WRAPPED_H
#define CLASSIFY_WRAPPED_H

#include "classify/knowledge.h"

/**
 * wrapped_reply(k, text):
 * Return the reply that ${text} quotes ("host mx.example[192.0.2.1] said: 550
 * 5.1.1 …", "… refused to talk to me: 421 …", "… host mx.example [192.0.2.1]:
 * 550 …"): from its code to the end of ${text}; SPAN_NONE if there is none.
 * Which words introduce a reply is for ${k} to say. Logs need no such guess,
 * their packs know where the reply begins.
 */
struct span wrapped_reply(const struct knowledge *k, struct span text);

#endif
