"""Is a table read as spreadsheets write it?"""

import pytest

from fernbereit_server.csv_text import CsvText, NoTextError, csv_text

TABLE = "Einheit;Beschäftigte\r\nBürgeramt;60\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"], ids=["UTF-8", "with a mark", "Windows", "UTF-16"]
)
def test_every_encoding_of_a_spreadsheet_is_read(encoding: str) -> None:
    """UTF-16 is what Excel calls Unicode text."""
    assert csv_text(TABLE.encode(encoding)) == CsvText(TABLE, ";", 1)


@pytest.mark.parametrize(
    ("text", "separator"),
    [("a,b\n", ","), ("a;b\n", ";"), ("a\tb,c\td\n", "\t"), ("a\n", ",")],
    ids=["commas", "semicolons", "tabs, with a comma in a heading", "one column"],
)
def test_the_separator_is_what_the_heading_uses_most(text: str, separator: str) -> None:
    """Without a hint of the file's own."""
    assert csv_text(text.encode()).separator == separator


@pytest.mark.parametrize("hint", ["sep=|\r\n", "SEP=|\n"])
def test_a_hint_for_excel_is_taken_at_its_word(hint: str) -> None:
    """The table begins on the second line."""
    assert csv_text(f"{hint}a|b\n1|2\n".encode()) == CsvText("a|b\n1|2\n", "|", 2)


def test_a_table_that_only_speaks_of_a_separator_is_a_table() -> None:
    """A heading may begin alike."""
    assert csv_text(b"sep=;b\n1;2\n").first_line == 1


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04\x00\x00", "a;b\n".encode("utf-16-le"), b"\xff\xfea"],
    ids=["a workbook", "UTF-16 without a mark", "half a character"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """Instead of being read as columns nobody named."""
    with pytest.raises(NoTextError):
        csv_text(data)
