"""Does everybody get the language and theme they asked for, German first?"""

import pytest

from fernbereit_server.console.choice import LANGUAGE_COOKIE, THEME_COOKIE, choose


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("", "de", id="a browser that says nothing reads German"),
        pytest.param("fr-FR, it;q=0.9", "de", id="a language we do not have reads German"),
        pytest.param("en-GB,en;q=0.9", "en", id="English of any country reads English"),
        pytest.param("en;q=0.4, de-AT;q=0.9", "de", id="the higher weight wins"),
        pytest.param("en, de", "en", id="of equal weights the first wins"),
        pytest.param("en;q=0, de;q=0.1", "de", id="a weight of zero means never"),
        pytest.param("en;q=many, de", "de", id="a weight that is no number counts as never"),
        pytest.param("en;q=nan", "de", id="a weight of nan counts as never"),
        pytest.param("," * 10_000, "de", id="a header of nothing but commas is no burden"),
    ],
)
def test_the_browser_says_the_language(header: str, language: str) -> None:
    """Accept-Language decides where nothing else was said."""
    assert choose({}, {}, header).language == language


def test_the_address_comes_before_the_cookie_and_the_cookie_before_the_browser() -> None:
    """What was asked for last and most clearly wins."""
    cookies = {LANGUAGE_COOKIE: "en", THEME_COOKIE: "dark"}
    assert choose({}, cookies, "de").language == "en"
    assert choose({}, cookies, "de").theme == "dark"
    assert choose({"lang": "de", "theme": "light"}, cookies, "en").language == "de"
    assert choose({"lang": "de", "theme": "light"}, cookies, "en").theme == "light"


@pytest.mark.parametrize("value", ["xx", "", "<script>", "DE"])
def test_what_is_not_offered_counts_as_not_said(value: str) -> None:
    """No foreign word reaches the page or a cookie."""
    chosen = choose({"lang": value, "theme": value}, {LANGUAGE_COOKIE: value, THEME_COOKIE: value}, "")
    assert (chosen.language, chosen.theme, chosen.remember) == ("de", "auto", ())
