# A thin face: each target is a line or two, and the work is done by CMake and scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup build run test package test-package test-brokers test-sigv4 differential counts faults fuzz soak bench instructions lint analyze settings fmt asan clean

# AWS's name of the processor that this machine has.
machine := $(patsubst aarch64,arm64,$(shell uname -m))

# The build folders, build/NAME, and how each is configured. The sanitizers run on g++, which makes
# the release: what they must see is its own code for coroutines. clang reads everything in `lint`.
# The release has the benchmarks, so that `make test` tells when one does not compile any more.
release_flags := -DCMAKE_BUILD_TYPE=Release -DFAS_BENCH=ON
asan_flags := -DCMAKE_BUILD_TYPE=Debug -DFAS_SANITIZE=ON
bench_flags := -DCMAKE_BUILD_TYPE=Release -DFAS_BENCH=ON -DFAS_TESTS=OFF \
    -DFAS_SYSROOT=$(CURDIR)/build/package/$(machine)/sysroot
fuzz_flags := -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=None -DFAS_FUZZ=ON -DFAS_TESTS=OFF \
    -DFAS_UNITY=ON

help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do \
	    printf '  make %-12s %s\n' "$$name" "$$text"; done

setup: ## Install what building and testing need (Debian packages, .venv, .peers)
	@scripts/setup.sh build test

build: build/release/build.ninja ## Build build/release/fast-autoscaler
	cmake --build build/release --target fast-autoscaler

run: build ## Run the demo on this machine alone: a queue that fills, or FLEET=50 of them
	.venv/bin/python $(if $(FLEET),scripts/demo_fleet.py '$(FLEET)',scripts/demo.py)

test: build/release/build.ninja build/fuzz/build.ninja ## Build and run all tests; SKIP=tests/DIR
	scripts/part.sh "building the release and its tests" cmake --build build/release
	scripts/part.sh "building the fuzz targets" cmake --build build/fuzz --target fuzz
	SKIP='$(SKIP)' scripts/test.sh build/release build/fuzz

package: ## Make the Lambda zips, build/package/*.zip: static, x86_64 and arm64; KAFKA=1 with Kafka, SIMULATE=1
	@scripts/setup.sh build package
	KAFKA='$(KAFKA)' SIMULATE='$(SIMULATE)' scripts/part.sh "packages" packaging/package.sh

test-package: setup package ## Test them: end to end, and arm64 under qemu
	packaging/test.sh

test-brokers: build ## Test it with real brokers, which take minutes
	@scripts/setup.sh build test brokers
	scripts/part.sh "tests with brokers" env FAS_BUILD_DIR=build/release \
	    .venv/bin/python -m pytest tests/brokers -n auto --dist loadfile

test-sigv4: build/release/build.ninja ## Run SigV4 test vectors: the official ones, or SUITE=DIR
	cmake --build build/release --target sign_requests
	FAS_BUILD_DIR=build/release .venv/bin/python tests/sigv4/vectors.py $(if $(SUITE),'$(SUITE)')

COUNT := 10000
differential: build/release/build.ninja ## Compare COUNT=10000 signatures with two other signers'
	cmake --build build/release --target sign_requests
	FAS_BUILD_DIR=build/release FAS_DIFFERENTIAL_COUNT=$(COUNT) \
	    .venv/bin/python -m pytest -q -rP tests/sigv4/differential_test.py

RUNS := 500
counts: build ## Count RUNS=500 random queues of each real server; SEED=S chooses others
	@scripts/setup.sh build test brokers
	FAS_BUILD_DIR=build/release FAS_COUNT_RUNS=$(RUNS) FAS_COUNT_SEED=$(or $(SEED),1) \
	    .venv/bin/python -m pytest -q -n auto --dist loadfile -k random tests/brokers \
	    tests/e2e/redis_streams_differential_test.py tests/e2e/sqs_counts_test.py

faults: build ## Run it RUNS=500 times with random faults in AWS's way; SEED=S, OTHER=PATH beside it
	FAS_BUILD_DIR=build/release $(if $(OTHER),OTHER=$(OTHER)) .venv/bin/python tests/faults/random_runs.py \
	    --runs $(RUNS) $(if $(SEED),--seed $(SEED))

SECONDS_EACH := 60
fuzz: build/fuzz/build.ninja ## Fuzz each parser of foreign bytes for SECONDS_EACH=60
	cmake --build build/fuzz --target fuzz
	scripts/fuzz.sh build/fuzz $(SECONDS_EACH)

TICKS := 100000
SWEEPS := 3600
soak: build ## Look for leaks over TICKS=100000 checks, and SWEEPS=3600 of a fleet
	.venv/bin/python tests/soak/soak.py $(TICKS)
	.venv/bin/python tests/soak/fleet_soak.py $(SWEEPS)

asan: build/asan/build.ninja ## Build and run all tests under AddressSanitizer and UBSan
	cmake --build build/asan
	scripts/test.sh build/asan

RUNS_EACH := 30
bench: setup ## Compare it with SDK builds; writes docs/benchmarks.md (RUNS_EACH=30)
	@scripts/setup.sh package bench
	packaging/package.sh $(machine)
	bench/sdk/build.sh
	cmake -S . -B build/bench -G Ninja $(bench_flags)
	cmake --build build/bench --target benchmarks
	.venv/bin/python bench/run.py --runs $(RUNS_EACH)

instructions: setup ## Compare the program's instruction counts with the kept ones; RECORD=1 keeps
ifeq ($(machine),x86_64)
	@scripts/setup.sh package instructions
	packaging/package.sh x86_64
	cmake --build build/package/x86_64/build --target sign_requests
	scripts/part.sh "instructions" .venv/bin/python bench/instructions.py $(if $(RECORD),--record)
else
	@echo 'instructions: counts are kept for x86_64 alone; nothing is compared here'
endif

lint: build ## Check format, layers, coroutine rules, sizes, clang-tidy, scripts
	@scripts/setup.sh lint
	scripts/part.sh "lint" scripts/lint/all.sh

analyze: build/release/build.ninja ## Run clang's static analyzer, a quarter of an hour
	@scripts/setup.sh lint
	.venv/bin/python scripts/lint/compiled.py analyze build/release

settings: build ## Write the schema, the tables of settings and deploy/ from the program's rows
	.venv/bin/python scripts/publish_settings.py build/release/fast-autoscaler
	.venv/bin/python scripts/deploy_templates.py

fmt: setup ## Format the C++ and Python sources
	@scripts/setup.sh lint
	scripts/lint/format.sh

clean: ## Remove what was built (.venv and .peers stay)
	rm -rf build

build/fuzz/build.ninja: | fuzz-setup
.PHONY: fuzz-setup
fuzz-setup: setup
	@scripts/setup.sh fuzz

build/%/build.ninja: Makefile | setup
	cmake -S . -B build/$* -G Ninja $($*_flags)
