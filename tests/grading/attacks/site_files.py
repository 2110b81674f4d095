"""Hand in files that Python runs or reads when it starts."""
#: evil.pth
import os; os.system("touch /tmp/attacked-by-pth")
#: pyvenv.cfg
home = /tmp
#: cs231n/evil.pth
import os; os._exit(0)
#: .pdbrc
import os; os._exit(0)
#: .matplotlib/matplotlibrc
backend: module://evil
#: setup.cfg
[tool:pytest]
addopts = -p evil
#: cs231n/regularizers.py
def l2(W):
    return 0.0, W
