"""Triage is a guest in a user's Prefect, and keeps to itself where there is none."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from loopback import Answer, Loopback

from flows.prefect_settings import slug

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
# what a process sees after `configure_prefect`
LOOK = """
import json, os, sys
from pathlib import Path
from flows.prefect_settings import configure_prefect
is_users = configure_prefect(Path(sys.argv[1]))
from prefect.settings import get_current_settings
now = get_current_settings()
print(json.dumps({"is_users": is_users, "home": str(now.home), "url": now.api.url, "level": now.logging.level,
    "to_api": now.logging.to_api.enabled, "added": sorted(set(os.environ) & {"DO_NOT_TRACK", "PREFECT_HOME",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "PREFECT_SERVER_ANALYTICS_ENABLED", "PREFECT_API_URL"})}))
"""
PROFILE = """active = "team"
[profiles.team]
PREFECT_API_URL = "http://127.0.0.1:9/api"
PREFECT_LOGGING_LEVEL = "DEBUG"
"""


def look(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """Configure Prefect for a workspace in a process whose home is `tmp_path`/home; nothing listens at its port."""
    (tmp_path / "letter").mkdir()
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DO_NOT_TRACK"))}
    kept |= {"HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path), "PREFECT_SERVER_API_PORT": "9"} | environment
    command = [sys.executable, "-c", LOOK, str(tmp_path / "letter")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=500, env=kept, cwd=home)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_without_a_prefect_of_the_users_all_is_private(tmp_path):
    """The home is in the workspace, nothing is reported to anyone, and the user's home stays as it was."""
    found = look(tmp_path)
    assert (found["is_users"], found["home"]) == (False, str(tmp_path / "letter" / ".prefect"))
    assert {"DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED"} <= set(found["added"])
    assert found["to_api"]
    assert list((tmp_path / "home").iterdir()) == []


def test_a_setting_that_the_user_made_is_kept_beside_private_ones(tmp_path):
    """Who asks for Prefect's debug log gets it on the terminal, too."""
    found = look(tmp_path, PREFECT_LOGGING_LEVEL="DEBUG")
    assert (found["is_users"], found["level"]) == (False, "DEBUG")
    assert "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL" not in found["added"]


def test_a_users_profile_is_untouched(tmp_path):
    """Address, home and logging are those of the profile, whose file does not change."""
    file = tmp_path / "home" / ".prefect" / "profiles.toml"
    file.parent.mkdir(parents=True)
    file.write_text(PROFILE)
    found = look(tmp_path)
    expected = {"is_users": True, "home": str(file.parent), "url": "http://127.0.0.1:9/api", "level": "DEBUG"}
    assert found == {**expected, "to_api": True, "added": []}
    assert file.read_text() == PROFILE


def test_settings_are_read_from_prefect_toml(tmp_path):
    """A project's prefect.toml is the user's Prefect as much as the environment is."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "prefect.toml").write_text('[api]\nurl = "http://127.0.0.1:9/api"\n')
    assert look(tmp_path)["is_users"]


def test_a_running_server_of_the_users_is_joined(tmp_path, prefect_home):
    """A server at Prefect's usual address is used although nothing names it."""
    port = str(urlsplit(prefect_home).port)
    found = look(tmp_path, PREFECT_SERVER_API_PORT=port)
    assert (found["is_users"], found["url"]) == (True, f"http://127.0.0.1:{port}/api")
    assert found["added"] == ["PREFECT_API_URL"]


def test_another_program_at_that_port_is_not_taken_for_prefect(tmp_path):
    """Port 4200 is a development server's, too."""
    with Loopback({"/api/health": Answer("<html>hello</html>")}) as server:
        assert not look(tmp_path, PREFECT_SERVER_API_PORT=str(server.port))["is_users"]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("The Back Stairs", "the-back-stairs"),
        ("Café", "cafe-"),
        ("科学通信", "newsletter-"),
        ("Новости", "newsletter-"),
    ],
)
def test_names_of_any_script_give_distinct_slugs(name, start):
    """Deployments and artifacts of two newsletters never overwrite each other; ASCII names stay readable."""
    assert slug(name).startswith(start)
    assert re.fullmatch(r"[a-z0-9-]+", slug(name))
    assert len({slug(n) for n in ("科学通信", "科学", "Новости", "Café", "Cafe", "newsletter")}) == 6
