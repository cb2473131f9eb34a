#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Calls that overflow, hide failures or start a shell.
set -u
. tests/lint/files.bash

mapfile -t files < <(list_files 'analyzer/*.c' 'analyzer/*.h')
bad='strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atoll|strtok|system|popen'
bad="$bad|exec[lv]p?e?|execvpe|fexecve|posix_spawnp?|fork|vfork|wordexp"
refuse "(^|[^A-Za-z0-9_])($bad)[[:space:]]*\\(" 'unsafe call' "${files[@]}"
