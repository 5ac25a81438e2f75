"""Keep fitted models as files that are verified before they are loaded: skops, sha-256, no pickle.

skops imports all of scikit-learn, and torch with it, so it is imported when a model is really kept or loaded.
"""

import hashlib
import os
import zipfile
from pathlib import Path
from typing import Any

import sklearn

OUR_TYPES = (
    "models.relevance.",
    "models.features.",
    "models.knn.",
    "models.log_odds.",
    "models.sections.",
    "models.examples.",
)


class ArtifactError(Exception):
    """A kept model that must not be loaded; the message says why."""


def save(model: Any, path: Path) -> str:
    """Write a fitted model whole or not at all.

    Returns
    -------
    str
        The sha-256 of the file, which `load` wants to see again.
    """
    import skops.io

    data = skops.io.dumps(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return hashlib.sha256(data).hexdigest()


def load(path: Path, sha256: str, version: str) -> Any:
    """Read a model back after its file, its version and its types have been checked, in this order.

    Parameters
    ----------
    sha256 : str
        What `save` returned.
    version : str
        `library_version()` when it was saved.

    Raises
    ------
    ArtifactError
        If the file is missing or altered, of another scikit-learn, or holds types that are not ours.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ArtifactError(f"{path} was altered since it was kept: its sha-256 does not fit")
    if version != library_version():
        raise ArtifactError(f"{path} was made with scikit-learn {version}, this is {library_version()}")
    import skops.io

    try:
        beyond_skops = skops.io.get_untrusted_types(data=data)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ArtifactError(f"{path} is no model of ours ({error})") from error
    foreign = [name for name in beyond_skops if not name.startswith(OUR_TYPES)]
    if foreign:
        raise ArtifactError(f"{path} is no model of ours: it holds {foreign[0]}")
    return skops.io.loads(data, trusted=beyond_skops)


def library_version() -> str:
    """Return the scikit-learn version a kept model depends on: major.minor, as in its compatibility promise."""
    return ".".join(sklearn.__version__.split(".")[:2])
