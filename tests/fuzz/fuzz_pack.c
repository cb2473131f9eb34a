/* SPDX-License-Identifier: MIT */
/* Any text as a format pack: refused, or loaded and its samples run. */
#include "parse/format_check.h"

#include "base/memory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *yaml = memory_copy((struct span){(const char *)data, len});
    struct formats *all = formats_load_text("fuzz.yaml", yaml);
    if (all != NULL) {
        struct format_check_result result;
        format_check_run(all, &result);
    }
    formats_free(all);
    free(yaml);
    return 0;
}
