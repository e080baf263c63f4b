# Needs git, make and Python 3.11 or newer with pip; nothing is installed outside this folder.
UV := $(if $(shell command -v uv),uv,.boot/bin/uv)
# the certificates that the system trusts, a company's own among them
export UV_SYSTEM_CERTS ?= 1
# once, when the packages are installed: no command compiles them anew
export UV_COMPILE_BYTECODE ?= 1
RUN := UV_PYTHON_DOWNLOADS=never $(UV) run --locked --quiet

demo: boot
	@$(RUN) scrapy demo

test: boot
	@$(RUN) pytest

quick: boot
	@$(RUN) pytest -m "not slow" -n auto --hypothesis-profile quick

# everything that can fail, for some ten minutes: kills, cut bodies, full disks, lost databases
faults: boot
	@WINNOW_FAULTS=long $(RUN) pytest tests/faults

# whole crawls beside what people write themselves, for some minutes: pages/s, CPU, memory, SQL
bench: boot
	@$(RUN) python -m benchmarks.throughput $(BENCH)

mutants: boot
	@$(RUN) python -m benchmarks.mutants

ci:
	@bash .ci/run

release: boot
	@bash .ci/release

boot:
	@command -v uv >/dev/null || test -x .boot/bin/uv || { \
	  echo "setting up: uv into .boot/, the project's packages into .venv/"; \
	  python3 -m pip install -q --disable-pip-version-check --target .boot uv; }

.PHONY: demo test quick faults bench mutants ci release boot
