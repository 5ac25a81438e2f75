"""Names in newsletter.toml that only other packages know are told with their line and an example."""

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.errors import NewsletterError
from pipeline.ops.nightly import open_night
from pipeline.ops.settings_check import wrong_settings
from pipeline.ops.workspace import Workspace

# Apprise looks for a module that Python 3.13 no longer has
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")


def set_line(workspace: Workspace, old: str, new: str) -> tuple[Workspace, int]:
    """Change a line of newsletter.toml; return the workspace with it, and the line's number."""
    file = workspace.folder / "newsletter.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return Workspace.find(workspace.folder), text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('model = "all-MiniLM-L6-v2"', 'model = "all-MiniLM-L7"', "[embedding] model 'all-MiniLM-L7' is neither"),
        ("urls = []", 'urls = ["slak://hooks"]', "[notify] urls names no service that Apprise knows: 'slak'"),
        ("urls = []", 'urls = ["slack://s3cret"]', '[notify] urls lacks a part; addresses of this service'),
    ],
)  # fmt: skip
def test_unknown_name_is_told_by_check(workspace: Workspace, old: str, new: str, complaint: str) -> None:
    """With the file, the line and an example, and without the secrets of an address; check exits with 1."""
    opened, line = set_line(workspace, old, new)
    (error,) = wrong_settings(opened)
    assert str(error).startswith(f"{opened.folder / 'newsletter.toml'}, line {line}: {complaint}")
    assert '"' in str(error) or "'" in str(error).split(";")[1]
    assert "s3cret" not in str(error)
    checked = CliRunner().invoke(app, ["check", "--workspace", str(opened.folder)], catch_exceptions=False)
    assert (checked.exit_code, checked.output) == (1, f"LOOK   {error}\n")


def test_right_settings_are_not_complained_about(workspace: Workspace) -> None:
    """The shipped model, and addresses of services that Apprise knows."""
    opened, _ = set_line(workspace, "urls = []", 'urls = ["json://127.0.0.1/ok", "mailto://ann:pass@letter.example"]')
    assert list(wrong_settings(opened)) == []


def test_night_refuses_an_unknown_model_before_it_asks_a_feed(workspace: Workspace) -> None:
    """A night of an hour of fetching does not end at its second step for a typing error."""
    set_line(workspace, 'model = "all-MiniLM-L6-v2"', 'model = "all-MiniLM-L7"')
    with pytest.raises(NewsletterError, match=r"line \d+: \[embedding\] model"), open_night(workspace.folder):
        pass


def test_schedule_is_not_served_with_wrong_settings(workspace: Workspace) -> None:
    """It is told while its editor sits at the terminal, not at three in the morning."""
    set_line(workspace, "urls = []", 'urls = ["slak://hooks"]')
    with pytest.raises(NewsletterError, match="slak"):
        CliRunner().invoke(app, ["schedule", "--workspace", str(workspace.folder)], catch_exceptions=False)
