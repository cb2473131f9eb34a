/* SPDX-License-Identifier: MIT */
/* Replies: code, status and text apart, in scratch memory of any size. */
#include "mail/reply.h"

#include "mail/address.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* All of a span can be read, so that the sanitizer sees where it lies. */
static void touch(struct span s)
{
    static volatile unsigned char sum;
    for (size_t i = 0; i < s.len; i++) {
        sum = (unsigned char)(sum + (unsigned char)s.ptr[i]);
    }
}

static void check_status(struct span s)
{
    struct status_code status = {0};
    char text[STATUS_TEXT_LEN];
    size_t n = status_parse(s, &status);
    check(n <= s.len && (n > 0) == status_is_known(status));
    size_t text_len = status_format(status, text);
    check(text_len < sizeof(text) && text[text_len] == '\0');
    struct status_code again = {0};
    size_t used = status_parse((struct span){text, text_len}, &again);
    check(used == text_len && again.class == status.class &&
          again.subject == status.subject && again.detail == status.detail);
}

/* The first byte says how much scratch memory there is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0) {
        return 0;
    }
    size_t room = data[0] == 255 ? len : data[0];
    char *scratch = malloc(room + (room == 0));
    struct span raw = {(const char *)data + 1, len - 1};
    struct smtp_reply r;
    check(scratch != NULL);
    smtp_reply_parse(raw, scratch, room, &r);
    check(r.code == 0 || (r.code >= 200 && r.code < 600));
    check(r.text.len <= raw.len);
    touch(r.text);
    check_status(raw);
    struct span domain = address_domain(raw);
    char lower[DOMAIN_TEXT_LEN];
    check(domain.len <= raw.len);
    check(domain_normalise(domain, lower).len < sizeof(lower));
    check(domain_is_under(domain, domain));
    free(scratch);
    return 0;
}
