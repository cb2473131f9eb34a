/* SPDX-License-Identifier: MIT */
#include "pattern/lazyregex.h"

static const struct regex *compile(
    struct lazyregex *l, const char *text, char *why)
{
    struct regex *made =
        regex_compile(span_of(text), REGEX_CASELESS, why, LAZYREGEX_WHY_LEN);
    if (made == NULL) {
        if (atomic_exchange(&l->faulty, true)) {
            why[0] = '\0';
        }
        return NULL;
    }
    struct regex *expected = NULL;
    if (!atomic_compare_exchange_strong(&l->regex, &expected, made)) {
        regex_free(made);
        return expected;
    }
    return made;
}

const struct regex *lazyregex_get(
    struct lazyregex *l, const char *text, char *why)
{
    const struct regex *re =
        atomic_load_explicit(&l->regex, memory_order_acquire);
    why[0] = '\0';
    return re != NULL || atomic_load(&l->faulty) ? re : compile(l, text, why);
}

bool lazyregex_is_faulty(const struct lazyregex *l)
{
    return atomic_load(&l->faulty);
}

void lazyregex_reset(struct lazyregex *l)
{
    regex_free(atomic_load(&l->regex));
    atomic_store(&l->regex, NULL);
}
