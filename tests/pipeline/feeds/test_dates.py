"""Dates as feeds write them: read right, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.feeds.dates import parse_date

AT = datetime(2025, 3, 9, 14, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hours_before"),
    [
        ("Sun, 09 Mar 2025 14:05:06 GMT", 0), ("9 March 2025 14:05:06 +0000", 0), ("2025-03-09T14:05:06Z", 0),
        ("2025-03-09 14:05:06", 0), ("Sun,09 Mar 2025 14:05:06 UT", 0), ("Sun, Mar 9 2025 14:05:06 +0000", 0),
        ("So, 09 Mär 2025 14:05:06 +0100", 1), ("dim., 09 mars 2025 14:05:06 +0100", 1),
        ("domingo, 9 de marzo de 2025 14:05:06", 0), ("domingo, 9 de março de 2025 14:05:06 -0300", -3),
        ("Вс, 09 марта 2025 14:05:06 +0300", 3), ("09 Mar 2025 14:05:06 EET", 2), ("09 Mar 2025 14:05:06 CET", 1),
        ("09 Mar 2025 14:05:06 IST", 5.5), ("09 Mar 2025 14:05:06 PST", -8), ("09 Mar 2025 14:05:06 MSK", 3),
        ("09-03-2025 14:05:06 +0400", 4), ("09.03.2025 14:05:06", 0), ("3/9/2025 2:05:06 PM", 0),
        ("2025/03/09 14:05:06", 0), ("2025年3月9日 14:05:06", 0), ("Sunday, March 9, 2025 - 14:05:06", 0),
        ("Sun Mar  9 14:05:06 UTC 2025", 0), ("Sun, 09 Mar 25 14:05:06 GMT", 0),
        ("9 марта 2025 г. 14:05:06", 0),
        ("Sun, 09 Mar 2025 14:05:06 +02:00", 2), ("Sun, 09 Mar 2025 14:05:06 GMT+0200", 2),
        ("Sun, 09 Mar 2025 14:05:06 GMT+7", 7), ("9.3.2025 14:05:06 GMT-3", -3),
        ("Sun, 09 Mar 2025 14:05:06 Europe/Berlin", 1), ("2025-03-09 14:05:06 America/New_York", -4),
        ("1741529106", 0), ("1741529106000", 0),
        ("2025年3月9日(日) 14時05分06秒", 0), ("2025年3月9日（日） 14:05:06", 0), ("2025년 3월 9일 14시 05분 06초", 0),
        ("20250309140506", 0), ("9.3.25 14:05:06", 0), ("9 de março de 2025 às 14:05:06", 0),
        ("9. mars 2025 kl. 14:05:06", 0), ("2025년 3월 9일 오후 2시 05분 06초", 0), ("2025/3/9 下午 2:05:06", 0),
        ("9 मार्च 2025 14:05:06", 0), ("9 มีนาคม 2025 14:05:06", 0), ("9 مارس 2025 14:05:06", 0),
        ("৯ মার্চ ২০২৫ 14:05:06", 0),
        ("9 tháng 3, 2025 14:05:06", 0), ("ngày 9 tháng 3 năm 2025 14:05:06", 0),
        ("2025. március 9., vasárnap 14:05:06", 0),
        ("2025-Mar-09 14:05:06", 0),
    ],
)  # fmt: skip
def test_spelling_is_read(written: str, hours_before: float) -> None:
    """RFC 822, ISO 8601, and what is written in their place, in its zone."""
    assert parse_date(written) == AT - timedelta(hours=hours_before)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "9 Mar", "March", "Sun, 32 Mar 2025 10:00:00 GMT", "31 Feb 2025", "Mon, 9 Foo 2025", "12:00",
     "10-11-12", "2025-13-01", "2025-03-09T25:00:00Z", "Sun, 09 Mar 2025 14:05:06 +9900", "9 Mar 0000",
     "9 Mar 2025 10:00 Not/Aplace", "9 Mar 2025 10:00 ../etc", "x" * 5000],
)  # fmt: skip
def test_what_is_no_date_is_none(written: str) -> None:
    """Nothing is guessed: no other year, no today."""
    assert parse_date(written) is None


@pytest.mark.parametrize("written", ["March 9, 2025, 2 p.m.", "9 mars 2025 à 14h", "2025年3月9日 午後2時"])
def test_hour_needs_no_minutes(written: str) -> None:
    """An hour that is marked as one may stand alone."""
    assert parse_date(written) == AT.replace(minute=0, second=0)
