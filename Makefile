# Build, install and test inclusion.
#
#   make && make install        as for any PostgreSQL extension (PG_CONFIG=… chooses the server)
#   make check                  provision a private server, run every suite in it
#   make lint, fuzz, property, bench, exact, demo   see below
#   make installcheck           the regress, isolation and TAP suites against a running server
#
# Files are found by wildcard: a new module or test needs no line here.

EXTENSION = inclusion
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)

# --- library ---------------------------------------------------------------

MODULE_big = $(EXTENSION)
SOURCES := $(sort $(wildcard src/*.c src/core/*.c))
OBJS := $(SOURCES:.c=.o)
SHLIB_LINK = -lm

# The library exports what the server looks up by name, and nothing else: the
# server loads every library into one space of names, where geo_distance or
# number_parse could be somebody else's.  Versions 16 and later hide the rest
# by themselves.
SHLIB_EXPORTS = build/exports.txt

# -ffp-contract=off gives the same doubles on every machine.  It stands in
# PG_CPPFLAGS because PGXS passes that, and not PG_CFLAGS, to the bitcode as
# well: otherwise the JIT could fuse what the library does not.
PG_CPPFLAGS = -ffp-contract=off -DINCLUSION_VERSION='"$(EXTVERSION)"'

WARNINGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers
ifeq ($(WERROR),1)
PG_CFLAGS += $(WARNINGS)
endif

# --- extension script ------------------------------------------------------

# In the data's order: sort compares bytes, so sql/30_profile.sql comes before
# the files of sql/30_profile/, and both before sql/40_offer.sql.
SQL_MODULES := $(sort $(wildcard sql/[0-9][0-9]_*.sql sql/[0-9][0-9]_*/[0-9][0-9]_*.sql))
DDL_FILES := $(sort $(wildcard sql/registry/[0-9][0-9]_*.sql)) \
	$(sort $(wildcard sql/registry/steps/[0-9][0-9][0-9][0-9]_*.sql)) \
	$(sort $(wildcard sql/pilotage/[0-9][0-9]_*.sql))

SCRIPT := $(EXTENSION)--$(EXTVERSION).sql
DATA_built = $(SCRIPT)
DATA := $(filter-out sql/upgrade/$(SCRIPT),$(wildcard sql/upgrade/$(EXTENSION)--*.sql))
# PGXS forgets the scripts of other versions
EXTRA_CLEAN = $(EXTENSION)--*.sql build results regression.diffs regression.out

# --- tests -----------------------------------------------------------------

REGRESS := $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
# Outputs of both suites stand in the top-level expected/
LOAD_EXTENSIONS = --load-extension=postgis --load-extension=$(EXTENSION)
REGRESS_OPTS = --inputdir=test $(LOAD_EXTENSIONS)

ISOLATION := $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=. $(LOAD_EXTENSIONS)

PROVE_TESTS := $(sort $(wildcard test/t/*.pl))
ifneq ($(PROVE_TESTS),)
TAP_TESTS = 1
endif

# --- PGXS ------------------------------------------------------------------

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

ifeq ($(wildcard $(PGXS)),)

# Only the targets that install what they miss can work
all install installcheck:
	@echo "PostgreSQL's server development files are missing: set PG_CONFIG, or run test/provision install" >&2; exit 1

else

# A server built with LLVM wants bitcode, which needs clang
ifeq ($(shell command -v $$(sed -n 's/^CLANG *= *//p' $(dir $(PGXS))../Makefile.global) 2>/dev/null),)
override with_llvm = no
endif

include $(PGXS)

ifneq ($(filter 9.% 10 11 12 13 14,$(MAJORVERSION)),)
$(error inclusion needs PostgreSQL 15 or later, this is $(MAJORVERSION))
endif

# Another server version, COPT or WERROR makes other objects
FLAGS := $(strip $(MAJORVERSION) $(CC) $(COPT) $(PG_CFLAGS) $(PG_CPPFLAGS))
ifneq ($(FLAGS),$(file <build/flags))
$(shell mkdir -p build)
$(file >build/flags,$(FLAGS))
endif
# make clean all: cleaned away since the lines above
build/flags:
	$(shell mkdir -p build)$(file >$@,$(FLAGS))

# PGXS tracks no header; the version comes from the control file
$(OBJS) $(OBJS:.o=.bc): $(wildcard src/*.h src/core/*.h) Makefile build/flags
src/inclusion.o src/inclusion.bc: $(EXTENSION).control

$(SHLIB_EXPORTS): $(SOURCES) Makefile build/flags
	@{ printf '%s\n' Pg_magic_func _PG_init && \
	   sed -n 's/^PG_FUNCTION_INFO_V1(\(.*\));$$/\1 pg_finfo_\1/p' $(SOURCES) | tr ' ' '\n'; } >$@

# The directories are there so that adding or removing a file rebuilds
$(SCRIPT): $(SQL_MODULES) $(DDL_FILES) $(wildcard sql sql/*/ sql/registry/steps/) sql/wrap-ddl sql/statements.awk $(EXTENSION).control Makefile
	@{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
	   cat $(SQL_MODULES) /dev/null && \
	   for file in $(DDL_FILES); do sql/wrap-ddl $$file || exit 1; done; } >$@.new && mv $@.new $@ || { rm -f $@.new; exit 1; }
	@echo "$@: $(words $(SQL_MODULES)) modules, $(words $(DDL_FILES)) wrapped"

endif

# --- ours ------------------------------------------------------------------

.PHONY: lint fuzz property bench exact demo demo-stop deb

# PGXS has a check that only says it is not supported.  Ours replaces it, read
# only when asked for: make warns about the replacement.
ifneq ($(filter check,$(MAKECMDGOALS)),)
.PHONY: check
check:
	@test/check
endif

lint:
	@test/lint

# The long run; a short one is part of check
fuzz:
	@test/fuzz/run

# Random instances of the core, ten times as many as in check
property:
	@test/property

bench:
	@test/bench/run
	@test/bench/allocation

# The index, then lists made out of memory, against a scan, on many offers and
# needs; a short run of both is part of check
exact:
	@test/exact
	@test/exact-lists

# Real places, fictitious people, one night, one page
demo:
	@test/demo/run

demo-stop:
	@test/demo/stop

# A package of what make install installs
deb:
	@packaging/build-deb
