#!/bin/sh
# Get CIFAR-10 into this folder, from wherever this is called: python -m cs231n data get
kit=$(cd "$(dirname "$0")/.." && pwd) || exit
for python in "$kit/.venv/bin/python" "$kit/.venv/Scripts/python.exe" python3 python; do
    if "$python" -c "import numpy, tqdm" 2>/dev/null; then
        PYTHONPATH="$kit${PYTHONPATH:+:$PYTHONPATH}" exec "$python" -m cs231n data get "$@"
    fi
done
echo "No Python with the kit's requirements was found; README.md says how to set it up." >&2
exit 1
