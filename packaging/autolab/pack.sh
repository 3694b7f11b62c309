#!/bin/sh
# Makes autograde.tar, which is uploaded beside autograde-Makefile.
#   pack.sh CHECKER [EXERCISE.toml] [TAR]
set -eu
checker=$1
exercise=${2:-}
tar=${3:-autograde.tar}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/autograde"
cp "$here/autograde/grade.sh" "$folder/autograde/"
cp "$checker" "$folder/autograde/checker"
chmod 0755 "$folder/autograde/checker"
if [ -n "$exercise" ]; then
    cp "$exercise" "$folder/autograde/exercise.toml"
fi
tar -cf "$tar" -C "$folder" autograde
