/* SPDX-License-Identifier: MIT */
/* Any text as a site's rules, taxonomy or code table: refused or read. */
#include "classify/knowledge_schema.h"
#include "classify/rules_schema.h"

#include "base/memory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The first byte chooses the kind of file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct cyaml_schema_value *const schemas[] = {
        &rules_schema_file, &knowledge_schema_taxonomy,
        &knowledge_schema_codes};
    if (len == 0) {
        return 0;
    }
    char name[] = "fuzz.yaml";
    const struct cyaml_schema_value *schema = schemas[data[0] % 3];
    char *yaml = memory_copy((struct span){(const char *)data + 1, len - 1});
    struct pack_file file = {.name = name, .bytes = {yaml, len - 1}};
    void *read = NULL;
    if (pack_load(&file, schema, &read)) {
        (void)pack_line(&file, "id", "a");
        pack_unload(schema, read);
    }
    free(yaml);
    return 0;
}
