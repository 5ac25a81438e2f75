"""Lines of a run on the terminal."""

import io
import json
import logging
import sys

import pytest

from flows.logs import configure_logging, follow_format


@pytest.mark.parametrize("as_json", [True, False])
def test_prefects_lines_have_the_format_of_ours(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """With --log-json all that a user's own Prefect prints beside our lines is JSON; without, it stays as it is."""
    ours, theirs, console = logging.getLogger("triage"), logging.getLogger("prefect.tested"), logging.StreamHandler()
    kept = ours.handlers
    theirs.addHandler(console)
    theirs.setLevel(logging.INFO)
    theirs.propagate = False
    try:
        configure_logging(as_json=as_json)
        assert console.stream is sys.stderr
        follow_format()
        theirs.info("View at\nhttp://127.0.0.1/runs", extra={"task_run_name": "embed"})
    finally:
        ours.handlers = kept
        theirs.removeHandler(console)
    printed = capsys.readouterr().err
    if as_json:
        line = json.loads(printed.splitlines()[0])
        assert line["message"] == "View at http://127.0.0.1/runs"
        assert (line["name"], line["task_run_name"]) == ("prefect.tested", "embed")
    else:
        assert printed.startswith("View at\nhttp")


class GoneTerminal(io.StringIO):
    """A stream that nobody reads any more."""

    def write(self, text: str) -> int:
        """Fail as a closed pipe does."""
        raise BrokenPipeError


def test_a_reader_that_is_gone_ends_no_run_and_prints_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with `triage nightly | head -1`, or a closed window."""
    log = logging.getLogger("triage")
    monkeypatch.setattr(log, "handlers", log.handlers)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", GoneTerminal())
        configure_logging()
        log.info("pull")
    assert capsys.readouterr().err == ""
