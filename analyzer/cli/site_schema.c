/* SPDX-License-Identifier: MIT */
/* Tables only: each key of the file, its C member, and whether it may be left
 * out. */
#include "cli/site_schema.h"

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

#define TEXT(key, type, member)                                                \
    CYAML_FIELD_STRING_PTR(                                                    \
        key, CYAML_FLAG_POINTER, type, member, 1, CYAML_UNLIMITED)
#define OPTIONAL_TEXT(key, type, member)                                       \
    CYAML_FIELD_STRING_PTR(key, OPTIONAL, type, member, 1, CYAML_UNLIMITED)
#define OPTIONAL_NUMBER(key, type, member)                                     \
    CYAML_FIELD_FLOAT_PTR(key, OPTIONAL, type, member)
#define LIST(key, type, member, entry)                                         \
    CYAML_FIELD_SEQUENCE_COUNT(                                                \
        key, OPTIONAL, type, member, n_##member, &entry, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t host_fields[] = {
    TEXT("host", struct site_host_def, host),
    TEXT("role", struct site_host_def, role), CYAML_FIELD_END};

static const cyaml_schema_value_t host_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct site_host_def, host_fields)};

static const cyaml_schema_field_t findings_fields[] = {
    OPTIONAL_NUMBER("baseline-days", struct site_findings_def, baseline_days),
    OPTIONAL_NUMBER(
        "false-discovery", struct site_findings_def, false_discovery),
    OPTIONAL_NUMBER("min-excess", struct site_findings_def, min_excess),
    OPTIONAL_NUMBER("min-ratio", struct site_findings_def, min_ratio),
    OPTIONAL_NUMBER("warning-excess", struct site_findings_def, warning_excess),
    OPTIONAL_NUMBER("critical-share", struct site_findings_def, critical_share),
    OPTIONAL_TEXT("stale-after", struct site_findings_def, stale_after),
    CYAML_FIELD_END};

static const cyaml_schema_field_t mute_fields[] = {
    OPTIONAL_TEXT("id", struct site_mute_def, id),
    OPTIONAL_TEXT("kind", struct site_mute_def, kind),
    OPTIONAL_TEXT("scope", struct site_mute_def, scope),
    OPTIONAL_TEXT("name", struct site_mute_def, name),
    OPTIONAL_TEXT("cause", struct site_mute_def, cause),
    TEXT("reason", struct site_mute_def, reason),
    TEXT("until", struct site_mute_def, until), CYAML_FIELD_END};

static const cyaml_schema_value_t mute_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct site_mute_def, mute_fields)};

static const cyaml_schema_field_t title_fields[] = {
    TEXT("report", struct site_title_def, report),
    TEXT("title", struct site_title_def, title), CYAML_FIELD_END};

static const cyaml_schema_value_t title_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct site_title_def, title_fields)};

static const cyaml_schema_field_t report_fields[] = {
    OPTIONAL_TEXT("title", struct site_report_def, title),
    LIST("titles", struct site_report_def, titles, title_value),
    CYAML_FIELD_END};

static const cyaml_schema_field_t site_fields[] = {
    OPTIONAL_TEXT("database", struct site_def, database),
    OPTIONAL_TEXT("patterns", struct site_def, patterns),
    OPTIONAL_TEXT("tz", struct site_def, tz),
    /* libcyaml takes any word for true */
    OPTIONAL_TEXT("keep-addresses", struct site_def, keep_addresses),
    OPTIONAL_TEXT("pseudonymise", struct site_def, pseudonymise),
    OPTIONAL_TEXT(
        "pseudonymise-domains", struct site_def, pseudonymise_domains),
    OPTIONAL_TEXT("keep-hours", struct site_def, keep_hours),
    OPTIONAL_TEXT("keep", struct site_def, keep),
    LIST("networks", struct site_def, networks, text_value),
    LIST("domains", struct site_def, domains, text_value),
    LIST("hosts", struct site_def, hosts, host_value),
    CYAML_FIELD_MAPPING_PTR(
        "findings", OPTIONAL, struct site_def, findings, findings_fields),
    LIST("mute", struct site_def, mute, mute_value),
    CYAML_FIELD_MAPPING_PTR(
        "report", OPTIONAL, struct site_def, report, report_fields),
    CYAML_FIELD_END};

const struct cyaml_schema_value site_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct site_def, site_fields)};
