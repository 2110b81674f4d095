"""Hand in packages that Python finds before the kit's modules of the same name."""
#: cs231n/gradient_check/__init__.py
raise RuntimeError("CANARY a given module is mine")
#: cs231n/data_utils/__init__.py
raise RuntimeError("CANARY a given module is mine")
#: cs231n/tutor/__init__/__init__.py
raise RuntimeError("CANARY")
#: cs231n/regularizers.py
def l2(W):
    return 0.0, W
