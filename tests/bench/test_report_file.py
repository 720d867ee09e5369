"""Does a part of docs/performance.md come to its place, and leave those of others alone?"""

from pathlib import Path

from bench.report_file import put


def test_a_part_is_replaced_where_it_stands_and_a_new_one_comes_before_those_after_it(tmp_path: Path) -> None:
    """Parts that were not measured stay, word for word."""
    file = tmp_path / "performance.md"
    file.write_text("# Performance\n\n## The collector\n")
    put("a", "one", file)
    put("agent", "## The agent", file)

    put("b", "two", file, before=("c", "agent"))
    put("a", "three", file, before=("b",))

    assert file.read_text() == (
        "# Performance\n\n## The collector\n\n<!-- a -->\nthree\n<!-- end of a -->\n\n"
        "<!-- b -->\ntwo\n<!-- end of b -->\n\n<!-- agent -->\n## The agent\n<!-- end of agent -->\n"
    )
