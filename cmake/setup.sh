#!/bin/sh
# Installs the Debian packages that a task needs and that are missing:
# cmake/setup.sh [build|test|perf|lint|llvm19|aarch64]...
# Quick and silent when everything is there. Works as root or with sudo, from a base system.
set -eu

architecture=$(dpkg --print-architecture)

packages_of() {
	case $1 in
	build)
		# gcc only recommends the C library's headers.
		echo gcc libc6-dev cmake ninja-build pkg-config python3
		echo libgc-dev libuv1-dev libjansson-dev libxxhash-dev libunistring-dev check llvm-22-dev
		echo libzstd-dev zlib1g-dev libstdc++-12-dev # for LLVM, linked statically
		;;
	test) echo python3 valgrind locales gdb libunicorn-dev libelf-dev dpkg-dev lintian ;;
	perf) echo python3 clang-22 llvm-22 lua5.4 libunicorn-dev libelf-dev gnuplot-nox ;;
	lint) echo clang-format clang-22 clang-tidy-22 cppcheck doxygen ;;
	llvm19) echo llvm-19-dev ;;
	aarch64)
		echo gcc-aarch64-linux-gnu qemu-user
		for library in libc6-dev libgc-dev libuv1-dev libjansson-dev libxxhash-dev libunistring-dev \
			check libllvm22; do
			echo "$library:arm64"
		done
		;;
	*)
		echo "cmake/setup.sh: unknown group '$1'; there are: build test perf lint llvm19 aarch64" >&2
		exit 2
		;;
	esac
}

# For this machine's architecture: libraries of another one may stand beside.
# NAME, or NAME:ARCHITECTURE.
is_installed() {
	case $1 in
	*:*) wanted_architecture=${1#*:} ;;
	*) wanted_architecture=$architecture ;;
	esac
	dpkg-query -W -f='${Architecture} ${db:Status-Status}\n' "$1" 2>/dev/null |
		grep -qE "^($wanted_architecture|all) installed\$"
}

missing_of() {
	for package in "$@"; do
		is_installed "$package" || printf '%s ' "$package"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	elif command -v sudo >/dev/null; then
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	else
		echo "cmake/setup.sh: needs root to install:$missing" >&2
		echo "cmake/setup.sh: run it as root, or install sudo" >&2
		exit 1
	fi
}

has_candidate() {
	apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

without_candidate() {
	for package in "$@"; do
		has_candidate "$package" || printf '%s ' "$package"
	done
}

# An apt command whose output is only worth reading when it fails.
quietly() {
	log=$(mktemp)
	if ! as_root "$@" >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

refresh_lists() {
	echo "cmake/setup.sh: apt-get update" >&2
	quietly apt-get update -q
}

install_missing() {
	refreshed=no
	if [ -n "$(without_candidate "$@")" ]; then
		refresh_lists
		refreshed=yes
	fi
	unknown=$(without_candidate "$@")
	if [ -n "$unknown" ]; then
		echo "cmake/setup.sh: apt knows no package: $unknown" >&2
		echo "cmake/setup.sh: Debian 12 has them all with the suites bookworm, bookworm-updates and" \
			"bookworm-security in its sources" >&2
		exit 1
	fi
	echo "cmake/setup.sh: installing: $*" >&2
	if ! quietly apt-get install -q -y --no-install-recommends "$@"; then
		# Lists that are older than the archive name files that are gone.
		[ "$refreshed" = yes ] && exit 1
		refresh_lists
		quietly apt-get install -q -y --no-install-recommends "$@"
	fi
	echo "cmake/setup.sh: installed" >&2
}

wanted=
for group in "${@:-build}"; do
	wanted="$wanted $(packages_of "$group")"
	if [ "$group" = aarch64 ] && ! dpkg --print-foreign-architectures | grep -qx arm64; then
		missing=" architecture arm64"
		as_root dpkg --add-architecture arm64
	fi
done
# shellcheck disable=SC2086 # lists of words
missing=$(missing_of $wanted)
# shellcheck disable=SC2086
[ -z "$missing" ] || install_missing $missing
