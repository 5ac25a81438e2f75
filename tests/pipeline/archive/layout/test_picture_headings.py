"""A picture that is the heading of a section, as mails have it, and the logo of the newsletter above its issue."""

from datetime import date
from pathlib import Path

from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url

NAMES = ("Reading", "Listening")


def test_words_of_pictures_that_recur_name_sections(tmp_path: Path) -> None:
    """The photograph of a story, the newsletter's name above all and the picture of an emoji name none."""

    def write(n: int, day: date) -> str:
        stories = "".join(
            f"<table><td><img src='{name}.png' alt='{name}'></td></table>"
            f"<a href='{url(n, k)}'><img src='{n}.jpg'></a>"
            f"<p><a href='{url(n, k)}'>{title(n, k)}</a> A note.</p><img src='{k}.jpg' alt='Boat {'abcdef'[n - 1]}'>"
            f"<p>More of it <a href='{url(n, k + 5)}'>there</a>.</p>"
            for k, name in enumerate(NAMES)
        )
        name = "<img src='logo.png' alt='Gazette of Gulls'><p><a href='https://mails.example/TIME'>In a browser</a></p>"
        top = f"<p>{day}</p><p>I was <a href='{url(n, 9)}'>out</a>.</p>"
        return f"<h1>Letter {n}</h1>{name.replace('TIME', str(n))}{top}{stories}"

    found = [
        [(pick.section_name, pick.title) for pick in issue.picks] for issue in read(tmp_path, write, "html").issues
    ]
    assert found == [[(name, title(n, k)) for k, name in enumerate(NAMES)] for n in range(1, N + 1)]


def test_logo_with_a_link_that_counts_clicks_is_no_story(tmp_path: Path) -> None:
    """Its address is another in each issue, but its words are the same."""

    def write(n: int, day: date) -> str:
        logo = f"<a href='https://click.example/t/{n * 7919}'><img src='logo.png' alt='Gazette'></a>"
        stories = "".join(f"<p><a href='{url(n, k)}'>{title(n, k)}</a></p><p>A note.</p>" for k in range(3))
        top = f"<h2>News of the coast</h2><p>{logo}</p><p>The letter of {WORDS[n].lower()}</p>"
        return f"<h1>Gazette {n}</h1><p>{day}</p>{top}<h2>Links</h2>{stories}"

    assert picks(read(tmp_path, write, "html")) == [[title(n, k) for k in range(3)] for n in range(1, N + 1)]
