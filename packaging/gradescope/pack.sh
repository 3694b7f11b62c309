#!/bin/sh
# Makes autograder.zip, which is uploaded under "Configure Autograder".
#   pack.sh CHECKER [EXERCISE.toml] [ZIP]
set -eu
checker=$1
exercise=${2:-}
zip=${3:-autograder.zip}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cp "$here/setup.sh" "$here/run_autograder" "$here/../requirements.txt" "$folder/"
cp "$checker" "$folder/checker"
if [ -n "$exercise" ]; then
    cp "$exercise" "$folder/exercise.toml"
fi
case $zip in
    /*) ;;
    *) zip=$PWD/$zip ;;
esac
cd "$folder"
python3 -m zipfile -c "$zip" ./*
