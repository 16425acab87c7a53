#!/bin/sh
# Sets up what is missing and nothing else: .venv with the locked dependencies, the system libraries of Qt,
# and the program itself. Called by `make run` and `make test`; the second call only compares a stamp.
# PYTHON=/path/to/python3 chooses another Python.
set -eu
cd "$(dirname "$0")/.."

# One language for every message, and no personal setting that installs anywhere but into .venv.
export LC_ALL=C DEBIAN_FRONTEND=noninteractive PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Two calls at once: the second waits, then finds the work done. (macOS has no flock.)
if command -v flock >/dev/null; then exec 9<packaging/setup.sh; flock 9; fi

# A stamp names all that its stage was made from, this folder too: a moved .venv does not work.
python_here() { .venv/bin/python -V 2>/dev/null || true; }
locked() { echo "$PWD $(python_here) $(cat packaging/setup.sh packaging/requirements-dev.txt | cksum)"; }
ready() { echo "$(locked) $(cksum <pyproject.toml)"; }
stamped() { [ -f ".venv/$1" ] && [ -x .venv/bin/python ] && [ "$(cat ".venv/$1")" = "$($1)" ]; }

if stamped ready; then exit 0; fi

# Installs Debian packages, or prints the exact command and stops.
debian() {
    command -v apt-get >/dev/null ||
        fail "install what this system calls these Debian packages, then run the same command again: $*"
    command="apt-get install --no-install-recommends $*"
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif sudo -n true 2>/dev/null; then as_root="sudo -n --preserve-env=DEBIAN_FRONTEND,LC_ALL"
    else fail "system packages are missing; as root (with sudo, say) run  $command  and then the same command again."
    fi
    say "installing system packages: $*"
    # 9<&-: a service that a package starts must not keep the lock
    $as_root apt-get -qq update </dev/null 9<&- || say "the package lists could not be renewed; trying the old ones."
    $as_root apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" \
        </dev/null >.setup.log 2>&1 9<&- ||
        { cat .setup.log >&2; fail "apt failed (see above); run  $command  as root, then the same command again."; }
    rm -f .setup.log
}

if ! stamped locked; then
    python=${PYTHON:-python3}
    command -v "$python" >/dev/null ||
        fail "no $python here; install Python 3.11 or newer (Debian: apt-get install python3), or set PYTHON to its path."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Python 3.11 or newer is needed, and $python is $("$python" -V 2>&1); set PYTHON to the path of a newer one."
    # Debian keeps this part of Python in a package of its own.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
    rm -rf .venv
    "$python" -m venv .venv ||
        fail "$python cannot make a virtual environment (see above); set PYTHON to the path of one that can."
    say "installing the locked dependencies into .venv; the first time takes a minute."
    .venv/bin/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r packaging/requirements-dev.txt ||
        fail "the dependencies could not be installed (see above); check the network and run the same command again."
    # The lock names every package with its version, so pip has nothing to look for (--no-deps): it would meet a release
    # newer than the lock for a package that is also asked for with an extra, and stop. Whether the lock is whole:
    .venv/bin/python -m pip check --quiet || fail "the locked dependencies do not fit together (see above)."
    locked >.venv/locked
fi

if [ "$(uname)" = Linux ]; then
    missing=$(.venv/bin/python - <<'END'
import ctypes

LIBRARIES = {
    # any window, the invisible one of the tests too
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    # a window on a screen
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
for library, package in LIBRARIES.items():
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
END
    )
    # shellcheck disable=SC2086  # one word per package
    [ -z "$missing" ] || debian $missing
fi
LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen .venv/bin/python -c 'from PySide6.QtWidgets import QApplication; QApplication([])' ||
    fail "Qt does not start (the line above names the library); install it and run the same command again."

.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable . ||
    fail "the program could not be installed into .venv (see above); mend what it names and run the same command again."
.venv/bin/python -m compileall -q dosing_app  # or every start reads the sources where nothing may be written beside them
ready >.venv/ready
say "ready."
