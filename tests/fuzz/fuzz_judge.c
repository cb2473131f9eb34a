/* SPDX-License-Identifier: MIT */
/* Replies through all built-in rules: there is always a verdict. */
#include "classify/classifier.h"

#include "base/limits.h"

#include <stdlib.h>

static struct knowledge *knowledge;
static struct rules *rules;
static struct classifier *classifier;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    knowledge = knowledge_load(NULL);
    check(knowledge != NULL);
    rules = rules_load(knowledge, NULL);
    check(rules != NULL);
    classifier = classifier_create(rules, knowledge);
    classifier_use_memo(classifier, false);
    return 0;
}

/* The first byte says which side and stage, the rest is the reply. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0) {
        return 0;
    }
    enum direction direction =
        (data[0] & 1) != 0 ? DIRECTION_INBOUND : DIRECTION_OUTBOUND;
    struct span text = {(const char *)data + 1, len - 1};
    struct event e;
    struct verdict v;
    uint32_t numbers[16];
    classifier_read_text(classifier, direction, text, &e);
    e.stage = (enum stage)((data[0] >> 1) % STAGE_COUNT);
    classifier_judge(classifier, &e, &v);
    check(v.cause.len > 0 && v.detail.len > 0 && v.rule.len > 0);
    check(v.template.len <= LIMIT_TEMPLATE_LEN);
    check(classifier_explain(classifier, &e, numbers, 16) <= 16);
    return 0;
}
