#!/bin/sh
# Looks for what a task needs and installs it, as root or through sudo, where Debian's packages have it.
# A tool that cannot be installed from here is named with the command that installs it.
#   xtask/tools.sh run     what make run needs
#   xtask/tools.sh test    what make test needs on top
set -eu

task=${1:?which task: run or test}
missing=""
packages=""

# need PROGRAM PACKAGE: PROGRAM on PATH, else Debian's PACKAGE.
need() {
  command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

# name PROGRAM COMMAND: PROGRAM on PATH, else the user is told COMMAND.
name() {
  command -v "$1" >/dev/null 2>&1 || missing="$missing
  $1: $2"
}

name cargo "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh"
# Debian 12 packs Node 18, which is too old; NodeSource packs later ones, with npm, for every Debian.
node="curl -fsSL https://deb.nodesource.com/setup_20.x | sudo -E bash - && sudo apt-get install nodejs"
name node "$node"
name npm "$node"
need cc build-essential
if command -v node >/dev/null 2>&1; then
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  [ "$major" -ge 20 ] || missing="$missing
  node is $(node --version), Revier's pages need 20 or later: $node"
fi

if [ "$task" = test ]; then
  need chromium chromium
  ls /usr/lib/postgresql/1[5-9]/bin/initdb /usr/lib/postgresql/[2-9]?/bin/initdb >/dev/null 2>&1 ||
    need initdb postgresql
  need runuser util-linux
  need python3 python3
  # Debian's Python makes environments only with a package of its own.
  python3 -c "import ensurepip, venv" >/dev/null 2>&1 || packages="$packages python3-venv"
fi

if [ -n "$missing" ]; then
  echo "Some tools are missing. Install them, then try again:$missing" >&2
  exit 1
fi

if [ -n "$packages" ]; then
  if [ "$(id -u)" = 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo"
  else
    echo "Some tools are missing. Install them as root, then try again: apt-get install$packages" >&2
    exit 1
  fi
  echo "Installing$packages"
  # shellcheck disable=SC2086 # The packages are words of our own.
  $as_root apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages ||
    { echo "That failed. Try by hand: ${as_root:+sudo }apt-get install$packages" >&2; exit 1; }
fi

if [ "$task" = test ] && ! cargo nextest --version >/dev/null 2>&1; then
  echo "Installing cargo-nextest"
  cargo install --locked --quiet cargo-nextest@0.9.143 ||
    { echo "That failed. Try by hand: cargo install --locked cargo-nextest" >&2; exit 1; }
fi

# The fuzzer of the contract lives in an environment of its own, made anew when its versions change.
if [ "$task" = test ]; then
  fuzzer="${CARGO_TARGET_DIR:-target}/schemathesis"
  if ! cmp -s xtask/schemathesis.txt "$fuzzer/versions.txt"; then
    echo "Installing schemathesis"
    rm -rf "$fuzzer"
    { python3 -m venv "$fuzzer" &&
      "$fuzzer/bin/pip" install --quiet --disable-pip-version-check --requirement xtask/schemathesis.txt &&
      cp xtask/schemathesis.txt "$fuzzer/versions.txt"; } ||
      { echo "That failed. Try by hand: python3 -m venv $fuzzer && $fuzzer/bin/pip install --requirement xtask/schemathesis.txt" >&2; exit 1; }
  fi
fi
