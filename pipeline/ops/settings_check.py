"""Check the names in newsletter.toml that only other packages know: the embedding model and the services to notify.

What the file says by itself is checked whenever it is read, by `core.config_reader`.
"""

from collections.abc import Callable, Iterator

from pipeline.core.config import FILE_NAME
from pipeline.core.errors import NewsletterError
from pipeline.core.toml_reader import TomlReader
from pipeline.ops.workspace import Workspace


def wrong_settings(workspace: Workspace) -> Iterator[NewsletterError]:
    """Yield what is wrong, each with its line and an example."""
    checks: tuple[Callable[[Workspace], None], ...] = (check_model, check_services)
    for check in checks:
        try:
            check(workspace)
        except NewsletterError as error:
            yield error


def check_model(workspace: Workspace) -> None:
    """Raise NewsletterError unless the embedding model is on this machine."""
    from models.embedder import UnknownModelError, load_embedder

    try:
        load_embedder(workspace.newsletter.embedding_model)
    except UnknownModelError as error:
        _reader(workspace).fail("model", str(error), "embedding")


def check_services(workspace: Workspace) -> None:
    """Raise NewsletterError unless Apprise can send to every address."""
    from pipeline.ops.notify import wrong_address

    for url in workspace.newsletter.notify:
        if wrong := wrong_address(url):
            _reader(workspace).fail("urls", wrong, "notify", near=url)


def _reader(workspace: Workspace) -> TomlReader:
    file = workspace.folder / FILE_NAME
    return TomlReader(file, file.read_text("utf-8-sig"))
