#!/bin/sh
# Gradescope runs this once, as root, when it builds the autograder's image.
set -eu
source=${AUTOGRADER:-/autograder}/source
prefix=${PREFIX:-/usr/local}

apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs python3 python3-venv
python3 -m venv "$prefix/checker-python"
"$prefix/checker-python/bin/pip" install --quiet --disable-pip-version-check --requirement "$source/requirements.txt"
install -D -m 0755 "$source/checker" "$prefix/bin/checker"
