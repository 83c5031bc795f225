"""Dates and times as pages write them."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.dates import find_moment
from cleaner.lexicon import load
from cleaner.rules.moments import _noise


@pytest.mark.parametrize(
    ("line", "language", "iso"),
    [
        ("14 April, 2023 Friday", "en", "2023-04-14"),
        ("Fri, 04/21/2023 - 07:45", "en", "2023-04-21T07:45:00"),
        ("04/05/2023", "en", "2023-04-05"),
        ("04/05/2023", "fr", "2023-05-04"),
        ("April 3rd, 2023 at 8:05 p.m.", "en", "2023-04-03T20:05:00"),
        ("Sept. 9, 2021", "en", "2021-09-09"),
        ("2023-04-21T07:45:00+02:00", None, "2023-04-21T07:45:00+02:00"),
        ("21.04.2023, 07:45 Uhr", "de", "2023-04-21T07:45:00"),
        ("3. März 2023", "de", "2023-03-03"),
        ("le 1er mai 2021 à 18h30", "fr", "2021-05-01T18:30:00"),
        ("2 de mayo de 2022 a las 10:30", "es", "2022-05-02T10:30:00"),
        ("2 de março de 2022", "pt", "2022-03-02"),
        ("21. dubna 2023", "cs", "2023-04-21"),
        ("3 listopada 2022", "hr", "2022-10-03"),
        ("3 listopada 2022", "pl", "2022-11-03"),
        ("14 апреля 2023 г., 10:30", "ru", "2023-04-14T10:30:00"),
        ("14 квітня 2023 року", "uk", "2023-04-14"),
        ("14 Απριλίου 2023", "el", "2023-04-14"),
        ("2023. április 14.", "hu", "2023-04-14"),
        ("14 Nisan 2023 Cuma", "tr", "2023-04-14"),
        ("den 3 juni 2020 kl. 14.05", "sv", "2020-06-03T14:05:00"),
        ("14. huhtikuuta 2023 klo 9.30", "fi", "2023-04-14T09:30:00"),
        ("2023年4月14日 10:30", "zh", "2023-04-14T10:30:00"),
        ("令和5年4月14日", "ja", "2023-04-14"),
        ("2023년 4월 14일 오후 3:05", "ko", "2023-04-14T15:05:00"),
        ("ngày 14 tháng 4 năm 2023", "vi", "2023-04-14"),
        ("14 เมษายน 2566", "th", "2023-04-14"),
        ("14 أبريل 2023", "ar", "2023-04-14"),
        ("١٤ أبريل ٢٠٢٣", "ar", "2023-04-14"),
        ("14 अप्रैल 2023", "hi", "2023-04-14"),
        ("14 באפריל 2023", "he", "2023-04-14"),
    ],
)
def test_iso(line: str, language: str | None, iso: str) -> None:
    moment = find_moment(line, language, _noise(load()))
    assert moment is not None
    assert moment.iso == iso


@pytest.mark.parametrize("line", ["31/02/2023", "99/99/9999", "24 November", "March 2023", "12.4 percent", "1:0", "2 hours ago", ""])
def test_no_full_date(line: str) -> None:
    moment = find_moment(line, "en")
    assert moment is None or moment.iso is None


def test_page_date_is_not_the_articles() -> None:
    page = "January 9, 2025\n\nBridge opens\n\nThe first cars crossed at noon, the mayor said.\n\nAna Lind Fri, 04/21/2023 - 07:45"
    assert cleaner.clean(page).metadata.date == "2023-04-21T07:45:00"
