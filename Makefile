# SPDX-License-Identifier: MIT
#
# make help lists the targets.  Objects lie under build/MODE/, so that builds
# with sanitizers never mix with others.

MODE    ?= release
INFLATE ?= isal
CC      ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif

CHART_JS := /usr/share/javascript/chart.js/chart.min.js
PACKAGES := libpcre2-8 sqlite3 libcyaml json-c libxxhash libpsl \
            zlib libzstd liblzma liblz4 libarchive nettle libseccomp
ifeq ($(INFLATE),isal)
PACKAGES += libisal
else
FLAVOUR  := -zlib
endif

BUILD := build/$(MODE)$(FLAVOUR)$(if $(filter clang%,$(notdir $(CC))),-clang)

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
        -Wvla
CFLAGS_release  := -O2 -g -DNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
                   -fstack-protector-strong
CFLAGS_debug    := -O0 -g
CFLAGS_asan     := -O1 -g -fno-omit-frame-pointer \
                   -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS_tsan     := -O1 -g -fsanitize=thread
CFLAGS_coverage := -O0 -g --coverage -fprofile-update=atomic
LDFLAGS_release := -Wl,-z,relro,-z,now
ifeq ($(origin CFLAGS_$(MODE)),undefined)
$(error MODE is one of: release debug asan tsan coverage)
endif

# Looked up when first used, so that `make deps` works before they are there.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PACKAGES)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PACKAGES)) -lbz2 -lcsv)$(PKG_LIBS)

VERSION  := 0.1.0
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -Ianalyzer -I$(BUILD) \
            -DSMTPSCOPE_VERSION='"$(VERSION)"' \
            $(if $(filter zlib,$(INFLATE)),-DINFLATE_ZLIB) \
            $(if $(filter asan tsan coverage,$(MODE)),-DCONFINE_NOTHING)
ALL_CFLAGS  = -std=c11 $(WARN) $(WERROR) $(CFLAGS_$(MODE)) $(CFLAGS) $(PKG_CFLAGS)
ALL_LDFLAGS = $(CFLAGS_$(MODE)) $(LDFLAGS_$(MODE)) $(LDFLAGS)
LIBS        = $(PKG_LIBS) -pthread -lm

LAYERS  := base mail input pattern parse classify aggregate store findings \
           report pipeline cli
SOURCES := $(wildcard $(LAYERS:%=analyzer/%/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(filter-out $(BUILD)/analyzer/cli/main.o,$(OBJECTS))

DATA := $(sort $(wildcard docs/man/*.roff patterns/*.yaml patterns/*/*.yaml schema/*.sql \
                          schema/*/*.sql))
WEB  := $(sort $(wildcard analyzer/report/web/*))
EMBEDDED := $(foreach f,$(DATA),$(f)=$(f)) \
            $(foreach f,$(WEB),web/$(notdir $(f))=$(f)) \
            web/chart.min.js=$(CHART_JS)

UNIT_SOURCES := $(wildcard tests/unit/*.c)
UNIT_OBJECTS := $(UNIT_SOURCES:%.c=$(BUILD)/%.o)

.PHONY: help all demo check check-long lint format fuzz bench bench-counts install \
        uninstall clean deps unit

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

all: build/smtpscope ## build build/smtpscope (MODE=release|debug|asan|tsan|coverage, INFLATE=isal|zlib)

build/smtpscope: $(BUILD)/smtpscope
	@cp -f $< $@.new && mv -f $@.new $@

$(BUILD)/smtpscope: $(OBJECTS) $(BUILD)/embedded.o
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c | deps
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/embedded.S: $(DATA) $(WEB) analyzer/embed.sh Makefile | deps
	@mkdir -p $(@D)
	analyzer/embed.sh $(EMBEDDED) >$@

$(BUILD)/embedded.o: $(BUILD)/embedded.S $(DATA) $(WEB)
	$(CC) -c -o $@ $<

$(BUILD)/unit-tests: $(UNIT_OBJECTS) $(LIBRARY) $(BUILD)/embedded.o
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

# What tests load before the program, see tests/reliability/.
$(BUILD)/tests/reliability/%.so: tests/reliability/%.c | deps
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARN) $(WERROR) -O1 -g -fPIC -shared -o $@ $< -ldl

unit: $(BUILD)/unit-tests ## build and run the unit tests alone
	$<

deps: ## install the Debian packages that are missing
	@packaging/deps.sh

demo: ## build, read samples/, print the summary, write the HTML report
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory all
	@packaging/demo.sh

check: ## set up and run all quick tests
	@packaging/deps.sh test
	@tests/check.sh

check-long: ## sanitizers, fuzz corpora, browser test
	@packaging/deps.sh test long
	@tests/check-long.sh

lint: ## layers, names, format, static analysis
	@packaging/deps.sh test
	@tests/lint/run.sh

format: ## apply .clang-format
	clang-format -i $(wildcard analyzer/*/*.[ch] tests/*/*.[ch])

fuzz: ## run each fuzz harness for a while (SECONDS=20)
	@packaging/deps.sh test long
	@tests/fuzz/run.sh

BENCH_TOOLS = build/bench/decode_bench build/bench/classify_bench
$(BENCH_TOOLS): build/bench/%: $(BUILD)/tests/bench/%.o $(LIBRARY) \
                              $(BUILD)/embedded.o
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

bench: all $(BENCH_TOOLS) ## measure against peers, write docs/BENCHMARKS.md (BENCH_LINES=4000000)
	@packaging/deps.sh bench
	@tests/bench/bench.py --write docs/BENCHMARKS.md

bench-counts: all ## instructions by layer of one small fixed input (valgrind)
	@packaging/deps.sh bench
	@tests/bench/bench.py counts

PREFIX ?= /usr/local
install: all ## install program, man pages, completion, units under PREFIX
	@DESTDIR="$(DESTDIR)" packaging/install.sh "$(DESTDIR)$(PREFIX)"

uninstall: ## remove what install put there
	@packaging/install.sh --remove "$(DESTDIR)$(PREFIX)"

clean: ## remove build/
	rm -rf build

-include $(OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d)
