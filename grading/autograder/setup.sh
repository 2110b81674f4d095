#!/usr/bin/env bash
# Gradescope runs this once, as root, to build the container for ASSIGNMENT.
set -euo pipefail
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv bubblewrap
python3 -m venv /autograder/venv
/autograder/venv/bin/pip install --quiet -r /autograder/source/requirements.txt -c /autograder/source/constraints.txt
chmod -R go-rwx /autograder/source
