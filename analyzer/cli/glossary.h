/* SPDX-License-Identifier: MIT */
/* cli/glossary.h - what the packs know, as reports ask for it. */
#ifndef CLI_GLOSSARY_H
#define CLI_GLOSSARY_H

#include "classify/knowledge.h"
#include "findings/lexicon.h"

/* Used by one thread. */
struct glossary;

/** glossary_create(k): For ${k}, which must outlive it; glossary_free() ends
 * it. */
struct glossary *glossary_create(const struct knowledge *k);

/** glossary_lexicon(g): The functions of the report layer over ${g}; valid as
 * long as ${g}. */
const struct lexicon *glossary_lexicon(const struct glossary *g);

/** glossary_free(g): End ${g}.  NULL does nothing. */
void glossary_free(struct glossary *g);

#endif
