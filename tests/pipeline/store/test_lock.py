"""A lock that cannot be taken says why."""

from pathlib import Path

import pytest

from pipeline.core.errors import StoreError
from pipeline.store.lock import FILE_NAME, night_lock


def test_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A read-only disk is no fault of Triage."""
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StoreError, match=r"cannot write .*night\.lock"), night_lock(tmp_path):
        pass
