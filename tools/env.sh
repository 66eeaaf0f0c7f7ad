#!/bin/sh
# Make .venv and install ganj into it.  `env.sh run` brings what ganj needs, `env.sh dev` also what the
# tests and gates need.  Safe to call again: it does nothing when the lock files have not changed.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
case $kind in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: tools/env.sh run|dev" >&2; exit 2 ;;
esac
stamp=.venv/.installed-$kind

fresh() { [ -e "$1" ] && [ "$1" -nt "$lock" ] && [ "$1" -nt pyproject.toml ] && .venv/bin/python -c 'import ganj' 2>/dev/null; }
if fresh "$stamp" || { [ "$kind" = run ] && fresh .venv/.installed-dev; }; then exit 0; fi

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return 0
        fi
    done
    echo "ganj needs Python 3.11 or newer; none was found. Set PYTHON=/path/to/python3 and try again." >&2
    return 1
}

if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        # Debian splits venv off from Python.
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            apt-get update -qq && apt-get install -y -qq python3-venv
            "$python" -m venv .venv
        else
            echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
            exit 1
        fi
    fi
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then .venv/bin/python -m ensurepip -q; fi
echo "Installing into .venv ($lock) ..." >&2
if [ "${GANJ_LOCK:-yes}" = no ]; then
    # The newest of everything, for a Python or a platform that the lock file does not know.
    pip install -q -e '.[predict]'
    if [ "$kind" = dev ]; then .venv/bin/python tools/groups.py dev | xargs -d '\n' .venv/bin/python -m pip install -q; fi
else
    pip install -q --require-hashes -r "$lock" || {
        echo "The locked packages could not be installed. GANJ_LOCK=no make ... takes the newest instead." >&2
        exit 1
    }
    pip install -q --no-deps -e .
fi
touch "$stamp"
