"""Hitpoint writes music to picture, inside the DAW."""

import os

__version__ = "0.2.0"

# onnxruntime's official builds report to Microsoft unless told otherwise, by a variable that they read as they are
# imported; its API comes too late for the first report. Here, so that nothing imports it before, and all processes of
# ours inherit it. Source: Privacy.md of onnxruntime 1.31.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
