# Thin names for what cargo xtask and npm do, plus the installs that a fresh machine needs.
.PHONY: run test bench pages

# Where Revier listens and keeps its data; make run REVIER_LISTEN=0.0.0.0:80 changes it.
REVIER_LISTEN ?= 127.0.0.1:8080
REVIER_DATA ?= ./data

run: pages
	cargo build --release --package revier
	REVIER_LISTEN=$(REVIER_LISTEN) REVIER_DATA=$(REVIER_DATA) target/release/revier serve

pages: tools-run
	web/install.sh && cd web && npm run build

test: tools-test
	cargo xtask ci

bench:
	@echo "cargo xtask bench NAME; NAME is one of:"
	@ls bench

.PHONY: tools-run tools-test
tools-run:
	@xtask/tools.sh run

tools-test:
	@xtask/tools.sh test
