# What both commands of the package begin with; gives `launch`. In shell, so that the program takes the place of this process:
# whoever signals or watches it has the program itself.

package=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")

# The pinned Node, from the folder where npm has put it: below the package, or beside it.
pinned_node() {
  case $(uname -m) in
    x86_64) platform=linux-x64 ;;
    aarch64) platform=linux-arm64 ;;
    *) platform=$(uname -s)-$(uname -m) ;;
  esac
  folder=$package
  while :; do
    if [ -x "$folder/node_modules/node-$platform/bin/node" ]; then
      echo "$folder/node_modules/node-$platform/bin/node"
      return
    fi
    [ "$folder" != / ] || break
    folder=$(dirname -- "$folder")
  done
  if found=$(node -p 'Number(process.versions.node.split(".")[0]) >= 26 ? process.execPath : ""' 2>/dev/null) && [ -n "$found" ]; then
    echo "$found"
    return
  fi
  echo "signpost: the pinned Node (node-$platform) is not installed; install the package again without --omit=optional, or put Node 26 or newer into PATH." >&2
  return 1
}

# Where the compiled program is kept between starts: a folder that nobody else writes to, for code comes from it.
compile_cache() {
  if [ -n "${CACHE_DIRECTORY:-}" ]; then
    echo "$CACHE_DIRECTORY/node"
  elif [ -n "${HOME:-}" ] && [ -O "$HOME" ]; then
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/signpost/node"
  fi
}

# Says which library the pinned Node misses, and how to get it. Looked at once, while there is no compiled program yet.
loadable() {
  [ ! -d "${NODE_COMPILE_CACHE:-/nonexistent}" ] || return 0
  problem=$("$1" --version 2>&1 >/dev/null) || :
  case $problem in
    *"error while loading shared libraries: "*) ;;
    *) return 0 ;;
  esac
  library=${problem##*shared libraries: }
  library=${library%%:*}
  case $library in
    libatomic.so.1) remedy="Install it with: apt-get install libatomic1" ;;
    libstdc++.so.6) remedy="Install it with: apt-get install libstdc++6" ;;
    libgcc_s.so.1) remedy="Install it with: apt-get install libgcc-s1" ;;
    *) remedy="Install it" ;;
  esac
  echo "signpost: the pinned Node cannot start, as this machine lacks the library $library. $remedy" >&2
  echo "Then run the same command again." >&2
  exit 5
}

# launch FLAGS… PROGRAM ARGUMENTS…
launch() {
  node=$(pinned_node)
  : "${NODE_COMPILE_CACHE=$(compile_cache)}"
  if [ -n "$NODE_COMPILE_CACHE" ]; then export NODE_COMPILE_CACHE; fi
  loadable "$node"
  exec "$node" "$@"
}
