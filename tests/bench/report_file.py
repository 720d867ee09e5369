"""How does one bench write its part of docs/performance.md and leave the parts of the others alone?"""

import re
from collections.abc import Sequence
from pathlib import Path

REPORT = Path(__file__).parents[2] / "docs" / "performance.md"


def put(part: str, text: str, file: Path = REPORT, *, before: Sequence[str] = ()) -> None:
    """Replace the part between its two marks; everything else stays as it is.

    A part that is not there yet comes before the first of `before` that is, else at the end.
    """
    begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    whole = file.read_text(encoding="utf-8") if file.exists() else ""
    new = begin + text.strip() + "\n" + end
    old = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    places = [place for later in before if (place := whole.find(f"<!-- {later} -->\n")) >= 0]
    if old.search(whole):
        changed = old.sub(lambda _: new, whole)
    elif places:
        changed = f"{whole[: places[0]]}{new}\n{whole[places[0] :]}"
    else:
        changed = "\n".join(filter(None, (whole.rstrip() and whole.rstrip() + "\n", new)))
    file.write_text(changed, encoding="utf-8")
