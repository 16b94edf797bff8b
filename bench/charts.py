"""Bar charts as SVG, readable on light and dark pages; plain text, no library."""

import math
from xml.sax.saxutils import escape

from subjects import FLOOR, OURS

WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 760, 150, 90, 26, 40, 34

# One colour a role, chosen to be told apart by brightness too; text follows the page's scheme.
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 14px; font-weight: 600; }
  .axis, .value { fill: #59636e; font-size: 11px; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .whisker { stroke: #1f2328; stroke-width: 1.2; }
  .ours { fill: #0969da; } .floor { fill: #8c959f; } .sdk { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .axis, .value { fill: #9198a1; }
    .grid { stroke: #3d444d; } .whisker { stroke: #e6edf3; }
    .ours { fill: #4493f8; } .floor { fill: #656c76; } .sdk { fill: #db6d28; }
  }
"""


def kind(name: str) -> str:
    if name == OURS:
        return "ours"
    return "sdk" if name.startswith("sdk-") else "floor"


class Axis:
    """From 0 in even steps; by powers of ten where the bars would differ too much in length."""

    LOG_FROM = 12.0  # times the smallest

    def __init__(self, medians: list[float]):
        self._top = max(medians) * 1.15
        self.logarithmic = max(medians) > self.LOG_FROM * min(medians) > 0
        self._bottom = 10 ** math.floor(math.log10(min(medians) * 0.8)) if self.logarithmic else 0

    def x(self, value: float) -> float:
        """What is beyond the edge is drawn at the edge."""
        value = max(self._bottom, min(self._top, value))
        part = value / self._top
        if self.logarithmic:
            part = math.log(value / self._bottom) / math.log(self._top / self._bottom)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def marks(self) -> list[float]:
        if self.logarithmic:
            decades = range(round(math.log10(self._bottom)), math.floor(math.log10(self._top)) + 1)
            return [10.0**decade for decade in decades]
        step = 10 ** math.floor(math.log10(self._top))
        while self._top / step < 3:
            step /= 2
        return [count * step for count in range(int(self._top / step) + 1)]


def number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def label(result: dict, name: str) -> str:
    return {FLOOR: "hashes" if result["bench"] == "sign" else "floor"}.get(name, name)


def bar(result: dict, name: str, y: int, axis: Axis) -> list[str]:
    figures = result["subjects"][name]
    middle = y + ROW / 2
    end, low, high = (axis.x(figures[key]) for key in ("median", "min", "max"))
    parts = [
        f'<text x="{LEFT - 8}" y="{middle + 4}" text-anchor="end">'
        f"{escape(label(result, name))}</text>",
        f'<rect class="{kind(name)}" x="{LEFT}" y="{y + 5}" width="{max(end - LEFT, 1):.1f}" '
        f'height="{ROW - 10}" rx="2"/>',
    ]
    if figures["n"] > 1:
        parts.append(
            f'<path class="whisker" fill="none" d="M{low:.1f} {middle}H{high:.1f}'
            f'M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>'
        )
    end_of_all = max(high, end) + 6
    parts.append(
        f'<text class="value" x="{end_of_all:.1f}" y="{middle + 4}">'
        f"{number(figures['median'])}</text>"
    )
    return parts


def chart(result: dict, title: str) -> str:
    """Medians as bars with whiskers from min to max. An outlier's whisker is cut at the edge."""
    subjects = result["subjects"]
    axis = Axis([one["median"] for one in subjects.values()])
    height = TOP + ROW * len(subjects) + BOTTOM
    base = height - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="10" y="22">{escape(title)}</text>',
    ]
    for mark in axis.marks():
        x = axis.x(mark)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{base}"/>')
        parts.append(
            f'<text class="axis" x="{x:.1f}" y="{base + 16}" text-anchor="middle">'
            f"{number(mark)}</text>"
        )
    for place, name in enumerate(subjects):
        parts += bar(result, name, TOP + place * ROW, axis)
    scale = ", logarithmic" if axis.logarithmic else ""
    better = f"{result['unit']}{scale}, {result['better']} is better"
    parts.append(
        f'<text class="axis" x="{WIDTH - 10}" y="22" text-anchor="end">{escape(better)}</text>'
    )
    return "\n".join([*parts, "</svg>", ""])
