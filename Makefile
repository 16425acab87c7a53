# One word for each thing a person does here; `make help` lists them.
.PHONY: help setup run test lint bench shield front kill logs mistakes mutants report strings pictures lock clean \
	wheel frozen deb sbom source package
.NOTPARALLEL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin

help: ## list these words
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile

setup: ## install what is missing: .venv, locked dependencies, the libraries of Qt
	@sh packaging/setup.sh

run: setup ## open the window with an example order; without a display write plan and picture to out/
	@$(BIN)/dosing-app resources/orders/example.json --no-display-to out

test: lint ## run every check; pytest comes last, so that its summary closes the output
	$(BIN)/dosing-app self-test
	$(BIN)/python -m pytest

lint: setup ## style, types, rooms, sentences and the trace of hazards, without running the program
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python packaging/strings.py --check
	$(BIN)/python packaging/checksums.py --check
	$(BIN)/python packaging/trace.py

bench: setup ## measure speed and memory against a baseline of the same run
	$(BIN)/python tests/bench/bench.py

# SIZE="--infants 1500 --texts 300000" takes some minutes instead; what is printed says how many there were.
shield: setup ## simulate typing errors and fuzz every reader; takes about half an hour
	$(BIN)/python packaging/keep.py shield $(BIN)/python -u tests/shield/shield.py $(SIZE)

front: setup ## search the options of many random infants, and against brute force; takes some minutes
	$(BIN)/python packaging/keep.py front $(BIN)/python -u -m tests.front.front

kill: setup ## kill programs that write to the register a thousand times, and list 10,000 courses; takes some minutes
	$(BIN)/python packaging/keep.py kill $(BIN)/python -u tests/register/kill.py

logs: setup ## go through 100,000 random logs of courses, with re-planned revisions; takes a quarter of an hour
	$(BIN)/python packaging/keep.py logs $(BIN)/python -u tests/course/log_campaign.py

mistakes: setup ## plant each named mistake in a thousand exercises and see it recognised; takes some minutes
	$(BIN)/python packaging/keep.py mistakes $(BIN)/python -u -m tests.teaching.mistake_campaign

mutants: setup ## put small slips into the code, one at a time, and see whether a test notices; takes hours, can be resumed
	$(BIN)/python tests/evidence/mutate.py

report: setup ## run the tests with coverage and write docs/verification.md; takes a quarter of an hour
	$(BIN)/python packaging/report.py

strings: setup ## collect the sentences to translate, compile the catalogues, and list the checksums of the data
	$(BIN)/python packaging/strings.py
	$(BIN)/python packaging/checksums.py

pictures: setup ## take a picture of every workspace
	$(BIN)/python packaging/pictures.py

wheel: setup ## build the wheel and prove it with the sources out of the way
	$(BIN)/python packaging/make_wheel.py

frozen: setup ## freeze the program with Python and Qt into dist/dosing-app and prove it elsewhere
	$(BIN)/python packaging/make_frozen.py

deb: setup ## make the Debian package and prove it in a bare Debian 12; as root
	$(BIN)/python packaging/make_deb.py

sbom: setup ## list what is shipped, with versions and licences: CycloneDX and a table
	$(BIN)/python packaging/make_sbom.py

source: setup ## pack the sources of the last commit; checksums of all that lies in dist
	$(BIN)/python packaging/make_source.py

package: setup ## all packages, each proved where it is installed; takes some minutes, as root
	$(BIN)/python packaging/make_package.py

# uv alone locks for every system at once; it is needed here only and comes and goes with its folder.
# Pins stay as they are unless pyproject.toml asks otherwise: `make lock UP=--upgrade` renews them all.
UP :=
COMPILE = "$$uv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header $(UP)
lock: ## lock the dependencies again, after a change of pyproject.toml
	@uv=$$(mktemp -d) && trap 'rm -rf "$$uv"' EXIT && \
	python3 -m venv "$$uv" && "$$uv/bin/python" -m pip install --quiet uv && \
	$(COMPILE) pyproject.toml --output-file packaging/requirements.txt && \
	$(COMPILE) pyproject.toml --group dev --constraint packaging/requirements.txt \
		--output-file packaging/requirements-dev.txt && \
	$(COMPILE) --group package --constraint packaging/requirements-dev.txt \
		--output-file packaging/requirements-package.txt

clean: ## remove all that these words made
	rm -rf .venv out dist build .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .setup.log
	find dosing_app tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
