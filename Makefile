# The two commands a stranger types:
#   make run    install what is missing, fetch models, build, import the demo shop, serve on 127.0.0.1:8080
#   make test   the same set-up with the small models, then every test
# SET=small|standard chooses the language model of `make run`.

SET ?= standard
DATA ?= ./data
export CARGO_TARGET_DIR ?= $(CURDIR)/target
DAOGOU := target/release/daogou

.PHONY: run test check bench clean build setup setup-test lint

run: build
	$(DAOGOU) demo --set $(SET) --data $(DATA)

build: setup
	cargo build --release --locked
	@mkdir -p target/release
	@[ "$(CARGO_TARGET_DIR)/release/daogou" -ef $(DAOGOU) ] || ln -sf "$(CARGO_TARGET_DIR)/release/daogou" $(DAOGOU)

test: setup-test lint build
	$(DAOGOU) models pull --set small
	cargo test --release --locked --lib --test suite
	scripts/browser-test.sh $(DAOGOU)

check: test

lint: setup
	@if cargo fmt --version >/dev/null 2>&1; then cargo fmt --check; else echo "rustfmt is not installed: formatting not checked"; fi
	@if cargo clippy --version >/dev/null 2>&1; then cargo clippy --locked --no-default-features --all-targets -- -D warnings; else echo "clippy is not installed: lints not checked"; fi
	@if cargo deny --version >/dev/null 2>&1; then cargo deny --offline check licenses bans sources; else echo "cargo-deny is not installed: licences not checked"; fi

bench: build
	$(DAOGOU) models pull --set standard
	benches/run.sh $(DAOGOU)

clean:
	cargo clean
	rm -rf tests/browser/node_modules tests/browser/shots

setup:
	@scripts/setup.sh build

setup-test:
	@scripts/setup.sh build test
