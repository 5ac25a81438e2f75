"""The workspace's state for Prometheus, in its text exposition format: https://prometheus.io/docs/instrumenting/."""

from collections.abc import Iterator, Mapping

from starlette.requests import Request
from starlette.responses import Response

from pipeline.desk.current_status import current_status
from pipeline.desk.rendering import desk_of
from pipeline.ops.status import Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[Mapping[str, str], float]


def metrics(request: Request) -> Response:
    """Answer a scrape. With a token, send it as: Authorization: Bearer TOKEN."""
    return Response("".join(exposition(current_status(desk_of(request)))), media_type=CONTENT_TYPE)


def exposition(status: Status) -> Iterator[str]:
    """Yield the metrics of a status, each with its help, type and samples labelled by newsletter."""
    for name, about, samples in _gauges(status):
        yield f"# HELP triage_{name} {about}\n# TYPE triage_{name} gauge\n"
        for labels, value in samples:
            named = {"newsletter": status.newsletter, **labels}
            text = ",".join(f'{label}="{_escaped(value_)}"' for label, value_ in named.items())
            yield f"triage_{name}{{{text}}} {value:.15g}\n"


def _gauges(status: Status) -> Iterator[tuple[str, str, list[Sample]]]:
    """Yield name, help and samples. What is not known (before the first night) has no sample."""
    night = status.last_night
    yield "nights", "Nightly runs kept in the log.", [({}, status.nights)]
    if night and status.last_night_age_hours is not None:
        yield (
            "last_night_age_seconds",
            "Time since the last nightly run began.",
            [({}, status.last_night_age_hours * 3600)],
        )
        yield "last_night_duration_seconds", "How long the last nightly run took.", [({}, night.seconds)]
        yield "last_night_new_articles", "Articles that the last nightly run brought.", [({}, night.new_articles)]
        yield "last_night_outage", "1 if no feed answered in the last nightly run.", [({}, night.is_outage)]
    yield "nights_missed", "Scheduled nightly runs that did not happen.", [({}, status.nights_missed)]
    yield "feeds", "Feeds by state.", [({"state": state}, n) for state, n in status.feeds_by_state.items()]
    yield "articles", "Articles in the store.", [({}, status.articles)]
    yield "undecided_stories", "Stories on the shortlist that wait for a decision.", [({}, status.undecided)]
    yield "alerts", "Sentences that `triage status` shows under ATTENTION.", [({}, len(status.alerts))]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
