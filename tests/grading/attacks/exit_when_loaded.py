"""End with exit code 0 as soon as the module is loaded."""
import os

os._exit(0)
