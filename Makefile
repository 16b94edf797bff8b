# A thin face: each target is a line or two, and the work is done by CMake and scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup build run test bench lint fmt asan clean

# The build folders, build/NAME, and how each is configured. The sanitizers run on g++, which makes
# the release: what they must see is its own code for coroutines. clang reads everything in `lint`.
release_flags := -DCMAKE_BUILD_TYPE=Release
asan_flags := -DCMAKE_BUILD_TYPE=Debug -DFAS_SANITIZE=ON
bench_flags := -DCMAKE_BUILD_TYPE=Release -DFAS_BENCH=ON -DFAS_TESTS=OFF

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do \
	    printf '  make %-6s %s\n' "$$name" "$$text"; done

setup: ## Install what building and testing need (Debian packages, .venv)
	@scripts/setup.sh build test

build: build/release/build.ninja ## Build build/release/fast-autoscaler
	cmake --build build/release --target fast-autoscaler

run: build ## Run the demo: a queue that fills and drains, on this machine alone
	.venv/bin/python scripts/demo.py

test: build/release/build.ninja ## Build and run all tests
	cmake --build build/release
	scripts/test.sh build/release

asan: build/asan/build.ninja ## Build and run all tests under AddressSanitizer and UBSan
	cmake --build build/asan
	scripts/test.sh build/asan

bench: build/bench/build.ninja ## Build and run the benchmarks
	cmake --build build/bench
	FAS_BUILD_DIR=build/bench .venv/bin/python bench/run.py

lint: build/release/build.ninja ## Check format, layers, coroutine rules, sizes, clang-tidy, scripts
	@scripts/setup.sh lint
	scripts/lint/all.sh

fmt: setup ## Format the C++ and Python sources
	@scripts/setup.sh lint
	scripts/lint/format.sh

clean: ## Remove what was built (.venv stays)
	rm -rf build

build/bench/build.ninja: | bench-setup
.PHONY: bench-setup
bench-setup: setup
	@scripts/setup.sh bench

build/%/build.ninja: Makefile | setup
	cmake -S . -B build/$* -G Ninja $($*_flags)
