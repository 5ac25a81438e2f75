"""What runs the embedding model reports to nobody."""

import os
import subprocess
import sys
from pathlib import Path

import models


def test_importing_openvino_reports_nothing(tmp_path):
    """No telemetry is loaded, no identity is written to the user's home, and the frontend of the export works."""
    code = (
        "import sys; from models.openvino_runtime import import_openvino\n"
        "import_openvino().Core(); import openvino.frontend.pytorch.ts_decoder\n"
        "assert not any(sys.modules[name] for name in sys.modules if name.startswith('openvino_telemetry'))"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_encoder_imports_it_so():
    """No other module imports OpenVINO directly."""
    files = Path(models.__file__).parent.glob("*.py")
    direct = [file.name for file in files if "import openvino\n" in file.read_text("utf-8")]
    assert direct == ["openvino_runtime.py"]
