# Needs only Python 3.11+ and make; builds its own environment in .venv.
# The first that has wheels of everything (extractous has none for 3.14 yet), else what is called python3.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2> /dev/null && echo $$p && exit; done; echo python3)
# Compiled modules are kept, whatever the environment says: workers start a second sooner.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo test test-fast lint samples score check-files docs clean bench-detect bench-share bench-startup torture-kill bench-encodings bench-extract bench-memory torture-formats captures pictures bench-archives
help:
	@echo "make demo   install into .venv, scan sample_data/, write demo-out/"
	@echo "make test   lint, types, layers and all tests"
	@echo "make score  detection scores on ../shared/data"
	@echo "make bench-… and make torture-…: see CONTRIBUTING.md"
	@echo "make score-strangers  the same on templates of another hand"
	@echo "make score-share  detection scores on a large invented share, both halves of its templates"

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "piiscan needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@echo "==> making $(VENV) (first time only: a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@{ $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]' 2>&1; echo $$? > $(VENV)/.status; } | grep --line-buffered -E '^(Collecting|Installing|Successfully|ERROR)' || true
	@test "$$(cat $(VENV)/.status)" = 0 || { echo "==> not installed: see the lines above; pip needs a package index for the first time"; exit 1; }
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/python tools/demo.py

test: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2

test-fast: $(STAMP)
	@$(BIN)/python -m pytest -n 2 -x -q --ignore tests/e2e

lint: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

score: $(STAMP)
	@$(BIN)/python ../shared/tools/score.py

check-files: $(STAMP)
	@$(BIN)/python tools/check_files_dev.py

# A labelled share of invented files (tools/make_share.py): per value, persons per file, sensitive kinds, false alarms.
SHARE ?= build/share
.PHONY: score-share
score-share: $(STAMP)
	@$(BIN)/python tools/make_share.py $(SHARE)/dev --variant dev --seed 1
	@$(BIN)/python tools/score_persons.py $(SHARE)/dev $(SHARE)/dev.jsonl
	@$(BIN)/python ../shared/tools/score_share.py $(SHARE)/dev $(SHARE)/dev.jsonl
	@$(BIN)/python tools/make_share.py $(SHARE)/test --variant test --seed 2
	@$(BIN)/python tools/score_persons.py $(SHARE)/test $(SHARE)/test.jsonl
	@$(BIN)/python ../shared/tools/score_share.py $(SHARE)/test $(SHARE)/test.jsonl

# The same on templates of another hand (docs/detection.md).
# name, seed, files about people, files about nobody
STRANGERS = blind,7,250,180 more,11,120,60 blind2,5,300,300 blind3,3,256,164 more3,3,106,42 blind4,4,358,170 more4,13,328,190 blind5,1,368,158 blind6,1,340,180 blind7,1,390,172 blind8,1,200,96

# Other people, values and forms in the same templates: make score-strangers DRAW=200 adds 200 to each seed.
DRAW ?= 0
.PHONY: score-strangers
score-strangers: $(STAMP)
	@set -e; for each in $(STRANGERS); do set -- $$(echo $$each | tr , ' '); \
	  $(BIN)/python tools/make_share.py $(SHARE)/$$1 --variant $$1 --seed $$(($$2 + $(DRAW))) --positive $$3 --negative $$4; \
	  $(BIN)/python tools/score_persons.py $(SHARE)/$$1 $(SHARE)/$$1.jsonl; \
	  $(BIN)/python ../shared/tools/score_share.py $(SHARE)/$$1 $(SHARE)/$$1.jsonl; \
	done

.PHONY: bench-inventory
bench-inventory: $(STAMP)
	@$(BIN)/python benchmarks/inventory.py --sizes 1000000 --slow
.PHONY: bench-web
bench-web: $(STAMP)
	@$(BIN)/python -m benchmarks.web --sizes 1000000
.PHONY: stress-detection
stress-detection: $(STAMP)
	@for what in addresses places numbers reports; do $(BIN)/python tools/stress_detection.py $$what --seed 11; done

samples: $(STAMP)
	@$(BIN)/python -m sample_data.make

docs: $(STAMP)
	@$(BIN)/python tools/write_docs.py

bench-encodings: $(STAMP)
	@$(BIN)/python benchmarks/encodings.py

bench-detect: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/bench-peers besshouka==0.1.1a2 namemask==0.1.0 kakushi==0.1.1 2> /dev/null || echo "besshouka, namemask and kakushi cannot be installed here: left out"
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python benchmarks/detect.py --peers build/bench-peers

.PHONY: bench-sizes
bench-sizes: $(STAMP)
	@$(BIN)/python benchmarks/sizes.py

bench-share: $(STAMP)
	@$(BIN)/python benchmarks/share.py
bench-archives: $(STAMP)
	@$(BIN)/python -m benchmarks.archives

bench-startup: $(STAMP)
	@$(BIN)/python benchmarks/startup.py

torture-kill: $(STAMP)
	@$(BIN)/python tools/torture_kill.py

pictures: $(STAMP)
	@$(BIN)/python tools/report_pictures.py

captures: $(STAMP)
	@bash tools/record_journeys.sh

clean:
	rm -rf $(VENV) demo-out

bench-extract: $(STAMP)
	@$(BIN)/python benchmarks/extract.py

bench-memory: $(STAMP)
	@$(BIN)/python benchmarks/memory.py

torture-formats: $(STAMP)
	@$(BIN)/python tools/torture_formats.py
