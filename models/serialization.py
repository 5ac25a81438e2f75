"""Fitted models as files of skops, verified before they are loaded: SHA-256, format, versions, types. No pickle.

skops imports all of scikit-learn, so it is imported only when a model is saved or loaded.
"""

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable
from copy import copy
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sklearn
from sklearn.base import BaseEstimator

# Of what a file holds. Add 1 when a saved class is renamed, moved or changes its fitted attributes, or when what is
# saved beside it for its reasons changes its meaning. Format 1, written until November 2026, had neither a format nor
# versions in the file and named classes by modules that are gone.
FORMAT = 9
PACKED = "json"  # the only key of a mapping that stands for a list or mapping of plain values
METADATA = "triage.json"  # member of the skops zip
PACKAGES = {"scikit-learn": "scikit-learn", "numpy": "numpy", "triage": "article-triage"}
OUR_TYPES = (
    "models.relevance.",
    "models.features.",
    "models.knn.",
    "models.log_odds.",
    "models.sections.",
    "models.section_features.",
    "models.examples.",
)


class ArtifactError(Exception):
    """A saved model that must not be loaded; the message says why."""


def dumps(model: Any) -> tuple[bytes, str]:
    """Return the bytes of a file that holds a fitted model, its format and versions; and the SHA-256 for `load`."""
    buffer = io.BytesIO(_skops().dumps(_packed(model)))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(METADATA, json.dumps(metadata()))
    data = buffer.getvalue()
    return data, hashlib.sha256(data).hexdigest()


def _skops() -> Any:
    """Import skops.io without scikit-learn's copies of torch and Dask arrays.

    It lists the estimators of scikit-learn, and importing each of its packages would import torch for nothing: most
    nights do without it. A package that cannot be imported is passed over.
    """
    unused = {f"sklearn.externals.array_api_compat.{name}" for name in ("dask", "torch")} - sys.modules.keys()
    sys.modules.update(dict.fromkeys(unused))  # type: ignore[arg-type]  # None: cannot be imported
    try:
        import skops.io
    finally:
        for name in unused:
            sys.modules.pop(name, None)  # another thread may have been faster
    return skops.io


def _packed(value: Any) -> Any:
    """Return a copy in which each list or mapping of plain values is one text.

    skops checks their elements one by one: of a ranker's titles, addresses and words, for longer than ranking takes.
    """
    if isinstance(value, BaseEstimator):
        return _with_attributes(value, _packed)
    if isinstance(value, list | dict) and _is_plain(value):
        return {PACKED: json.dumps(value)}
    return {key: _packed(each) for key, each in value.items()} if isinstance(value, dict) else value


def _unpacked(value: Any) -> Any:
    if isinstance(value, BaseEstimator):
        return _with_attributes(value, _unpacked)
    if isinstance(value, dict):
        return json.loads(value[PACKED]) if [*value] == [PACKED] else {k: _unpacked(v) for k, v in value.items()}
    return value


def _with_attributes(estimator: BaseEstimator, change: Callable[[Any], Any]) -> BaseEstimator:
    changed = copy(estimator)
    vars(changed).update({name: change(value) for name, value in vars(estimator).items()})
    return changed


def _is_plain(value: Any) -> bool:
    """Whether JSON gives a value back as it is."""
    if type(value) is dict:
        return all(type(key) is str for key in value) and all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if type(value) is list else type(value) in (str, int, float, bool, type(None))


def metadata() -> dict[str, Any]:
    """Return the format that `dumps` writes and the versions it writes with."""
    return {"format": FORMAT, "versions": {name: version(package) for name, package in PACKAGES.items()}}


def load(path: Path, sha256: str) -> Any:
    """Read a model after its checksum, format, scikit-learn version and types have been checked, in this order.

    Parameters
    ----------
    sha256 : str
        What `dumps` returned.

    Raises
    ------
    ArtifactError
        If the file is missing or altered, of another format or scikit-learn, holds types that are not ours, or does
        not load.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ArtifactError(f"{path} was altered since it was saved: its SHA-256 differs")
    _check_metadata(path, data)
    skops = _skops()
    try:
        untrusted = skops.get_untrusted_types(data=data)
        foreign = [name for name in untrusted if not name.startswith(OUR_TYPES)]
        if foreign:
            raise ArtifactError(f"{path} is not a model of Triage: it holds {foreign[0]}")
        return _unpacked(skops.loads(data, trusted=untrusted))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise ArtifactError(f"{path} does not load ({type(error).__name__}: {error})") from error


def _check_metadata(path: Path, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            known: dict[str, Any] = (
                json.loads(archive.read(METADATA)) if METADATA in archive.namelist() else {"format": 1}
            )
    except (zipfile.BadZipFile, ValueError) as error:
        raise ArtifactError(f"{path} is not a model of Triage ({error})") from error
    if known["format"] != FORMAT:
        raise ArtifactError(f"{path} was saved in format {known['format']}, this Triage reads format {FORMAT}")
    saved_with = minor(known["versions"]["scikit-learn"])
    if saved_with != minor(sklearn.__version__):
        raise ArtifactError(f"{path} was saved with scikit-learn {saved_with}, this is {minor(sklearn.__version__)}")


def minor(full: str) -> str:
    """Return major.minor of a version: within it scikit-learn promises that saved models load."""
    return ".".join(full.split(".")[:2])
