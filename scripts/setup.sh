#!/usr/bin/env bash
# Installs what is missing on Debian or Ubuntu: `setup.sh build` for building and running, `setup.sh build test` for the tests too.
# As root or with sudo it installs; otherwise it prints the exact line to run.
set -euo pipefail

missing=()
need() { # COMMAND-OR-FILE PACKAGE
  command -v "$1" >/dev/null 2>&1 || [ -e "$1" ] || missing+=("$2")
}

for purpose in "$@"; do
  case "$purpose" in
    build)
      need cc build-essential
      need cmake cmake
      need clang clang
      compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null || missing+=(libclang-dev)
      need pkg-config pkg-config
      need python3 python3
      python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
      ;;
    test)
      need node nodejs
      need npm npm
      command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
      need espeak-ng espeak-ng
      # Without a Chinese font the screenshots show boxes.
      fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-wqy-microhei)
      ;;
    *) echo "setup.sh: what is \"$purpose\"? (build, test)" >&2; exit 2 ;;
  esac
done

if [ ${#missing[@]} -gt 0 ]; then
  line="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo"; else
    echo "Missing: ${missing[*]}. Please run:  sudo apt-get update && sudo $line" >&2
    exit 1
  fi
  echo "Installing ${missing[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  $run apt-get update -qq
  # shellcheck disable=SC2086
  $run $line >/dev/null
fi

if ! command -v cargo >/dev/null 2>&1; then
  echo "Rust is missing: install it with rustup (https://rustup.rs), then try again." >&2
  exit 1
fi
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
have=$(rustc --version | cut -d' ' -f2)
if [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -1)" != "$wanted" ]; then
  echo "Rust $have is too old: $wanted or newer is needed (rustup update)." >&2
  exit 1
fi
