# attendance: school attendance registers in PostgreSQL
#
# make check and make demo need nothing but make: see make help.

EXTENSION = attendance
MODULE_big = attendance

# ---------- build, by PGXS ----------

# The directory of this Makefile; it may not be the one make runs in.
here := $(shell cd "$$(dirname '$(firstword $(MAKEFILE_LIST))')" && pwd -P)

# Every list is explicit.
include $(here)/make/extension.mk
include $(here)/make/client.mk
include $(here)/make/tests.mk

EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" '$(here)/attendance.control')

PG_CONFIG ?= pg_config
PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))

# These targets work where PostgreSQL is not installed yet, so they do without PGXS,
# which moreover has a "check" of its own.
HARNESS = check check-long check-all check-upgrade check-versions check-drivers check-browser torture demo demo-psql dashboard bench fuzz lint format html register-reference clean-checkout dist deb check-deb check-matrix check-processors check-release update-script freeze help
goals := $(or $(MAKECMDGOALS),all)

ifneq (,$(filter-out $(HARNESS),$(goals)))
ifeq (,$(PGXS))

.PHONY: $(filter-out $(HARNESS),$(goals))
$(filter-out $(HARNESS),$(goals)):
	@echo "$@: no PGXS (pg_config --pgxs) to build with; missing packages:" >&2
	@'$(here)/tools/setup' --list build >&2
	@exit 1

else

ifneq ($(realpath .),$(here))
VPATH := $(here)
endif
from := $(if $(VPATH),$(here)/)

script = sql/$(EXTENSION)--$(EXTVERSION).sql
DATA = $(SQL_UPDATES)
DATA_built = $(script)
SCRIPTS_built = client/pg_attendance

# pg_regress looks for tests in its output directory first: here it would find sql/.
REGRESS_OPTS = --inputdir='$(here)/test' --outputdir=regress-output --load-extension=$(EXTENSION)
EXTRA_CLEAN = regress-output $(CLIENT:.c=.o)
ISOLATION_OPTS = --inputdir='$(here)/test/isolation' --load-extension=$(EXTENSION)

# Before PostgreSQL 16 every global symbol of a library is exported; only these are to be.
SHLIB_EXPORTS = src/exports.txt

PG_CPPFLAGS = -I'$(here)/src' -DATTENDANCE_VERSION='"$(EXTVERSION)"'
# PostgreSQL's own headers have unused parameters, and so has any SQL function without arguments.
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter
ifneq (,$(findstring clang,$(notdir $(CC))))
# CFLAGS and the format attribute in c.h are those of the compiler that built PostgreSQL: gcc.
PG_CFLAGS += -Wno-unknown-warning-option -Wno-ignored-optimization-argument -Wno-ignored-attributes
endif
ifeq ($(WERROR),1)
PG_CFLAGS += -Werror
endif

include $(PGXS)

$(OBJS): $(patsubst $(from)%,%,$(wildcard $(from)src/*.h $(from)src/*/*.h $(from)src/*/*.def))

$(script): $(SQL_PARTS) sql/types/comparison.sql.in $(REGISTER_KEPT) $(REGISTER_REPORTS) $(REGISTER_STEPS) \
		tools/install-script make/extension.mk attendance.control
	@mkdir -p sql
	bash '$(here)/tools/install-script' '$(here)' '$(TYPES)' '$(REGISTER_KEPT)' '$(REGISTER_REPORTS)' '$(REGISTER_STEPS)' \
		$(SQL_PARTS) >$@.tmp
	mv $@.tmp $@

# The program pg_attendance is a frontend as PostgreSQL's own are, and of the same libraries; libcrypto
# is there for libpgcommon.
CLIENT_OBJS = $(CLIENT:.c=.o)
found = $(shell pkg-config --exists $(1) 2>/dev/null && echo $(1))
feutils := $(firstword $(wildcard $(addsuffix /libpgfeutils.a,$(pkglibdir) $(libdir))))
CLIENT_CPPFLAGS := -DFRONTEND -I'$(here)/client' -I$(includedir) \
	$(if $(call found,zlib),-DHAVE_ZLIB $(shell pkg-config --cflags zlib)) \
	$(if $(call found,libzstd),-DHAVE_ZSTD $(shell pkg-config --cflags libzstd))
# libpq_pgport names the other two up to PostgreSQL 15 only
CLIENT_LIBS := $(feutils) $(addprefix $(dir $(feutils)),libpgcommon.a libpgport.a) $(libpq_pgport) $(filter -lcrypto -lm,$(LIBS)) \
	$(if $(call found,zlib),$(shell pkg-config --libs zlib)) \
	$(if $(call found,libzstd),$(shell pkg-config --libs libzstd))

$(CLIENT_OBJS): override CPPFLAGS := $(CLIENT_CPPFLAGS) $(CPPFLAGS)
$(CLIENT_OBJS): $(patsubst $(from)%,%,$(wildcard $(from)client/*.h $(from)client/*/*.h))
$(CLIENT_OBJS): | $(if $(feutils),,no-feutils)

client/pg_attendance: $(CLIENT_OBJS)
	$(CC) $(CFLAGS) -o $@ $(CLIENT_OBJS) $(LDFLAGS) $(LDFLAGS_EX) $(CLIENT_LIBS)

.PHONY: no-feutils
no-feutils:
	@echo 'pg_attendance needs libpgfeutils.a, libpgcommon.a and libpgport.a, and there are none in' \
		'$(pkglibdir) or $(libdir); Debian has them in postgresql-server-dev-$(MAJORVERSION)' >&2
	@exit 1

# What goes with the program: its manual page, and what bash completes.
completions = $(datadir)/bash-completion/completions
install: install-client
uninstall: uninstall-client
.PHONY: install-client uninstall-client
install-client:
	$(MKDIR_P) '$(DESTDIR)$(mandir)/man1' '$(DESTDIR)$(completions)'
	$(INSTALL_DATA) '$(here)/client/pg_attendance.1' '$(DESTDIR)$(mandir)/man1/'
	$(INSTALL_DATA) '$(here)/client/bash-completion/pg_attendance' '$(DESTDIR)$(completions)/'
uninstall-client:
	rm -f '$(DESTDIR)$(mandir)/man1/pg_attendance.1' '$(DESTDIR)$(completions)/pg_attendance'

objects: $(OBJS) $(CLIENT_OBJS)
.PHONY: objects

ifdef VPATH
# Always made: where a release has it, it would be found in the source tree, and is to be installed from here.
.PHONY: $(script)
# Always looked at: as a plain file target, src would be found in the source tree.
$(OBJS) $(OBJS:.o=.bc) $(CLIENT_OBJS) src/exports.list: | vpath-dirs
.PHONY: vpath-dirs
vpath-dirs:
	@mkdir -p $(sort $(dir $(OBJS) $(CLIENT_OBJS)))
endif

endif
endif

# ---------- harness ----------

ifneq (,$(filter $(HARNESS),$(goals)))

ifeq (,$(wildcard $(here)/tools/setup))
ifneq (,$(filter-out help,$(filter $(HARNESS),$(goals))))
$(error A release has make, make install and make installcheck; all else is in the repository)
endif
endif

export PG_CONFIG TYPES REGRESS ISOLATION SHELL_TESTS LONG_TESTS LONG_PGTAP_TESTS DRIVER_TESTS BROWSER_TESTS PGTAP_TESTS PARALLEL_TESTS PROCESSOR_TESTS EXTVERSION

.PHONY: $(HARNESS)

check: ## install what is missing, then run the tests on a throw-away server; check-long has those that take long
	@'$(here)/tools/setup' check
	@'$(here)/tools/check'

check-long: ## tests that take long: servers that are killed, copied, upgraded; sweeps over all objects; parallel plans
	@'$(here)/tools/setup' check
	@STAGES='tap parallel' SHELL_TESTS='$(LONG_TESTS)' PGTAP_TESTS='$(LONG_PGTAP_TESTS)' '$(here)/tools/check'

# check-tap PURPOSE TESTS: shell drivers that need what tools/setup has for PURPOSE
define check-tap
@'$(here)/tools/setup' check
@'$(here)/tools/setup' $(1)
@STAGES=tap SHELL_TESTS='$(2)' PGTAP_TESTS= '$(here)/tools/check'
endef

check-upgrade: ## updates and upgrades from released versions, and to a later one that the test makes: equal to a new install, or found out
	$(call check-tap,check,test/upgrade.sh)

check-drivers: ## the tests with drivers of several languages; installs those, a JDK and R
	$(call check-tap,drivers,$(DRIVER_TESTS))

check-browser: ## the tests of the dashboard and of the book in a browser; installs Shiny and Chromium
	$(call check-tap,browser,$(BROWSER_TESTS))

check-versions: ## compile, and the regression and isolation tests, with the other PostgreSQLs that are installed here
	@'$(here)/tools/setup' check
	@'$(here)/tools/check-versions'

# More time for what finds more the longer it runs.
check-all: export STORM_SECONDS ?= 10
check-all: export TORTURE_KILLS ?= 25
check-all: export FUZZ_SECONDS ?= 120
check-all: ## check, check-long with longer storms, check-versions, check-drivers, check-browser and two minutes of fuzz
	@set -e; for target in check check-long check-versions check-drivers check-browser fuzz; do \
		$(MAKE) --no-print-directory -f '$(here)/Makefile' $$target; done

torture: ## kill a server TORTURE_KILLS (500) times while many write, and compare what they were told with what is there
	@'$(here)/tools/setup' check
	@'$(here)/tools/torture'

demo: ## install what is missing, then run the main job on a throw-away server; DEMO_PAGES=DIR keeps its report pages
	@'$(here)/tools/setup' demo
	@'$(here)/demo/run'

demo-psql: ## the same, then psql on what it made; says how to stop the server
	@'$(here)/tools/setup' demo
	@DEMO_KEEP=1 '$(here)/demo/run'

dashboard: ## the same data, and the dashboard on them, on a port of this computer alone, until Ctrl-C
	@'$(here)/tools/setup' dashboard
	@DEMO_DASHBOARD=1 '$(here)/demo/run'

bench: ## times and sizes against plain rows and DuckDB, in 20 minutes: see bench/compare
	@'$(here)/bench/compare'

fuzz: ## any bytes as stored values and texts, under sanitizers; FUZZ_SECONDS (3600), FUZZ_CORPUS keeps what is found
	@'$(here)/tools/setup' fuzz
	@'$(here)/tools/fuzz'

lint: ## formatting, scripts, versions, file hygiene
	@'$(here)/tools/setup' lint
	@'$(here)/tools/lint'

format: ## apply clang-format to the C sources
	@'$(here)/tools/setup' lint
	@'$(here)/tools/lint' --format

html: ## html/: the documentation as one book with a search, to be opened in a browser
	@'$(here)/tools/setup' html
	@'$(here)/tools/html'

register-reference: ## write doc/register_reference.md and its pictures from the catalogue
	@'$(here)/tools/setup' reference
	@'$(here)/tools/register-reference'

clean-checkout: ## make check in a fresh clone of the last commit
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	git clone --quiet --no-hardlinks '$(here)' "$$dir/attendance"; \
	$(MAKE) --no-print-directory -C "$$dir/attendance" check

dist: ## attendance-VERSION.zip for PGXN, from the last commit
	@'$(here)/tools/setup' dist
	@'$(here)/tools/dist'

deb: ## Debian's packages of the last commit, built in a clean root and looked at by lintian, in DEB_OUT (dist)
	@'$(here)/tools/setup' deb
	@'$(here)/tools/deb'

check-deb: ## the same, and they are tested, installed, used, upgraded and purged in clean roots
	@'$(here)/tools/setup' deb
	@'$(here)/tools/deb' --check

check-release: ## what is not yet as a release has to be: doc/release.md
	@'$(here)/tools/setup' dist
	@'$(here)/tools/setup' check
	@'$(here)/tools/setup' reference
	@'$(here)/tools/check-release'

update-script: ## write the script from the version that was released last to the tree's: sql/attendance--OLD--NEW.sql
	@'$(here)/tools/setup' build
	@'$(here)/tools/released' update

freeze: ## keep the install script of the version that is released: test/upgrade/attendance--VERSION.sql.gz
	@'$(here)/tools/setup' build
	@'$(here)/tools/released' freeze

check-matrix: ## make check in clean roots of several Debians, with the PostgreSQL of each; takes root and hours of a processor
	@'$(here)/tools/setup' deb
	@'$(here)/tools/check-matrix'

check-processors: ## the tests on a 32-bit, a big-endian and an ARM processor, the last two by qemu; takes root, and half an hour
	@'$(here)/tools/setup' processors
	@'$(here)/tools/check-processors' $(PROCESSORS)

help: ## this list
	@echo 'make, make install, make installcheck, make clean: as for any PGXS extension'
	@sed -n 's/^\([a-z-]*\): ## \(.*\)/make \1\t\2/p' '$(here)/Makefile' | expand -t 24

endif
