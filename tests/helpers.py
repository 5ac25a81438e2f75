"""What several tests share."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the real archive ../shared is not here")
