/* SPDX-License-Identifier: MIT */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "pattern/regex.h"

#include "base/limits.h"
#include "base/memory.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MAX_GROUPS = 31,
    JIT_STACK_FIRST = 32 * 1024,
    JIT_STACK_MOST = 512 * 1024
};

struct regex {
    pcre2_code *code;
    const char *names[MAX_GROUPS + 1]; /* borrowed from code */
    unsigned n_groups;
    bool jit;
};

struct regex_workspace {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    const PCRE2_SIZE *vector; /* of data */
    unsigned n_set;           /* groups of the last match, the whole included */
};

/* Each entry of PCRE2's name table: two bytes of number, then the name. */
static void read_names(struct regex *re)
{
    uint32_t count = 0;
    uint32_t size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(re->code, PCRE2_INFO_NAMECOUNT, &count);
    if (count == 0) {
        return;
    }
    pcre2_pattern_info(re->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(re->code, PCRE2_INFO_NAMETABLE, &table);
    for (uint32_t i = 0; i < count; i++) {
        PCRE2_SPTR entry = table + (size_t)i * size;
        unsigned n = (unsigned)entry[0] << 8 | entry[1];
        re->names[n] = (const char *)entry + 2;
    }
}

static pcre2_code *compile(
    struct span pattern, unsigned flags, char *error, size_t error_len)
{
    uint32_t options =
        PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_DUPNAMES;
    options |= (flags & REGEX_CASELESS) != 0 ? PCRE2_CASELESS : 0;
    options |= (flags & REGEX_ANCHORED) != 0 ? PCRE2_ANCHORED : 0;
    int number = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile(
        (PCRE2_SPTR)pattern.ptr, pattern.len, options, &number, &offset, NULL);
    if (code == NULL) {
        PCRE2_UCHAR why[160] = "";
        pcre2_get_error_message(number, why, sizeof(why));
        snprintf(error, error_len, "%s at offset %zu of the pattern",
            (const char *)why, (size_t)offset);
    }
    return code;
}

struct regex *regex_compile(
    struct span pattern, unsigned flags, char *error, size_t error_len)
{
    pcre2_code *code = compile(pattern, flags, error, error_len);
    if (code == NULL) {
        return NULL;
    }
    uint32_t n_groups = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &n_groups);
    if (n_groups > MAX_GROUPS) {
        snprintf(error, error_len, "more than %d groups", MAX_GROUPS);
        pcre2_code_free(code);
        return NULL;
    }
    struct regex *re = memory_zalloc(1, sizeof(*re));
    re->code = code;
    re->n_groups = n_groups;
    re->jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
    read_names(re);
    return re;
}

struct regex_workspace *regex_workspace_create(void)
{
    struct regex_workspace *w = memory_zalloc(1, sizeof(*w));
    w->data = pcre2_match_data_create(MAX_GROUPS + 1, NULL);
    w->vector = pcre2_get_ovector_pointer(w->data);
    w->context = pcre2_match_context_create(NULL);
    w->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
    pcre2_set_match_limit(w->context, LIMIT_REGEX_MATCH);
    pcre2_set_depth_limit(w->context, LIMIT_REGEX_DEPTH);
    pcre2_jit_stack_assign(w->context, NULL, w->stack);
    return w;
}

enum regex_result regex_match(
    const struct regex *re, struct regex_workspace *w, struct span subject)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.ptr != NULL ? subject.ptr : "");
    int n = re->jit ? pcre2_jit_match(re->code, text, subject.len, 0, 0,
                          w->data, w->context)
                    : pcre2_match(re->code, text, subject.len, 0, 0, w->data,
                          w->context);
    w->n_set = n > 0 ? (unsigned)n : 0;
    if (n > 0) {
        return REGEX_MATCH;
    }
    return n == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_LIMIT;
}

struct span regex_group(
    const struct regex_workspace *w, struct span subject, unsigned n)
{
    if (n >= w->n_set) {
        return SPAN_NONE;
    }
    PCRE2_SIZE from = w->vector[2 * n];
    PCRE2_SIZE to = w->vector[2 * n + 1];
    if (from == PCRE2_UNSET || from > to) {
        return SPAN_NONE;
    }
    return span_first(span_skip(subject, from), to - from);
}

unsigned regex_n_groups(const struct regex *re)
{
    return re->n_groups;
}

const char *regex_group_name(const struct regex *re, unsigned n)
{
    return n <= re->n_groups ? re->names[n] : NULL;
}

unsigned regex_group_number(const struct regex *re, const char *name)
{
    for (unsigned n = 1; n <= re->n_groups; n++) {
        if (re->names[n] != NULL && strcmp(re->names[n], name) == 0) {
            return n;
        }
    }
    return 0;
}

void regex_workspace_free(struct regex_workspace *w)
{
    if (w == NULL) {
        return;
    }
    pcre2_jit_stack_free(w->stack);
    pcre2_match_context_free(w->context);
    pcre2_match_data_free(w->data);
    free(w);
}

void regex_free(struct regex *re)
{
    if (re == NULL) {
        return;
    }
    pcre2_code_free(re->code);
    free(re);
}
