"""How is a gauge written? As lines that text 0.0.4 and OpenMetrics 1.0 read alike.

https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/. Only
the end differs: OpenMetrics wants `# EOF`. Many thousand lines are put together from few parts made once.
"""

from collections.abc import Sequence


def escaped(value: str) -> str:
    r"""Return a label value as it is written between quotes.

    >>> escaped('Amt "für"\nalles\\')
    'Amt \\"für\\"\\nalles\\\\'
    """
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def head(name: str, text: str) -> str:
    """Return the two lines that begin a gauge; `text` has no line break and no backslash."""
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n"


def labels(names: Sequence[str], values: Sequence[str]) -> str:
    """Return labels without braces, `site="Nord",unit="Bauamt"`."""
    return ",".join(f'{name}="{escaped(value)}"' for name, value in zip(names, values, strict=True))
