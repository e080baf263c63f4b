# Needs git, make and Python 3.11 with pip; nothing is installed outside this folder.
UV := $(if $(shell command -v uv),uv,.boot/bin/uv)
RUN := PYTHONPATH=$(if $(filter uv,$(UV)),,.boot) $(UV) run --locked

demo: boot
	@$(RUN) scrapy demo

test: boot
	@$(RUN) pytest

ci: boot
	@bash .ci/run

boot:
	@command -v uv >/dev/null || test -x .boot/bin/uv || python3 -m pip install -q --target .boot uv

.PHONY: demo test ci boot
