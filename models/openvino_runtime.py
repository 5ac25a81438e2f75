"""OpenVINO without its telemetry."""

import sys
from typing import Any


def import_openvino() -> Any:
    """Import OpenVINO and return it; nothing is reported to its makers.

    Importing it sends an event to Google Analytics and writes an identity to ~/intel, unless its package
    `openvino_telemetry` is missing (openvino/tools/ovc/__init__.py, 2026.4).
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # imports of it fail
    import openvino

    return openvino
