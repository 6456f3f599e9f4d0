# What a developer does with this package. The work itself is in the short scripts of tools/.
SHELL := bash

# Tests compare with these numbers where the folder is there.
export JUDICIOUS_REFERENCE ?= $(abspath $(wildcard ../shared/reference))

# A new machine may have no locale set, and R then cannot read UTF-8.
ifeq ($(LC_ALL)$(LC_CTYPE)$(LANG),)
export LC_ALL := C.UTF-8
endif

.PHONY: help setup demo test check-fast document format lint core bench readme fuzz clean

help:
	@echo "make demo      install what is missing, install the package, show it on the walkthroughs"
	@echo "make test      install what is missing, then every check: style, C++ core, R CMD check"
	@echo "make check-fast  checks what has changed since HEAD, or since=COMMIT, in less than a minute"
	@echo "make document  regenerate man/, NAMESPACE and the RcppExports files"
	@echo "make format    format the C++ sources;   make lint  check the style of R and C++"
	@echo "make core      compile and test the C++ core alone, with sanitizers"
	@echo "make bench     install the package, run the benchmarks of bench/"
	@echo "make readme    install the package, write what the code of README.md prints behind #>"
	@echo "make fuzz      install the package, call every function 100,000 times with malformed arguments"
	@echo "make setup     install all that developers need;   make clean  remove what was built"

demo:
	@tools/setup.sh run
	@Rscript tools/packages.R self
	@Rscript tools/demo.R demo-output

test: setup
	@tools/test.sh

check-fast:
	@tools/check-fast.sh $(since)

setup:
	@tools/setup.sh develop

document: setup
	@Rscript tools/document.R .

format: setup
	@tools/format.sh

lint: setup
	@Rscript tools/lint.R
	@tools/format.sh --check
	@tools/rooms.sh

core: setup
	@tools/core.sh

bench: setup
	@Rscript tools/packages.R self
	@for script in bench/*.R; do Rscript "$$script" || exit 1; done

readme: setup
	@Rscript tools/packages.R self
	@Rscript tools/readme.R

fuzz:
	@Rscript tools/packages.R self
	@Rscript tools/fuzz.R

clean:
	rm -rf .build demo-output src/*.o src/*.so
