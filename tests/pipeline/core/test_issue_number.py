"""How an issue is called: by its number, or by its day where the newsletter has no numbers."""

from datetime import date

import pytest

from pipeline.core.issue_number import day_number, in_issue, is_day_number, issue_name


@pytest.mark.parametrize(
    ("number", "name", "where"),
    [
        (96, "#96", "in #96"),
        (day_number(date(2021, 5, 3)), "2021-05-03", "on 2021-05-03"),
        (2021050302, "2021-05-03 (2)", "on 2021-05-03 (2)"),
        (20211503, "#20211503", "in #20211503"),  # no day
        (2021150302, "#2021150302", "in #2021150302"),
    ],
)
def test_an_issue_without_number_is_called_by_its_day(number, name, where):
    assert (issue_name(number), in_issue(number)) == (name, where)


def test_a_second_issue_of_a_day_is_without_number_too():
    assert is_day_number(2021050302, date(2021, 5, 3))
    assert not is_day_number(96, date(2021, 5, 3))
