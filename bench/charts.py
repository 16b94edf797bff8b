"""Bar charts as SVG, readable on light and dark pages; plain text, no library."""

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


def nice_step(top: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, that divides the axis into at most six."""
    step = 10.0 ** (len(str(int(top))) - 1) if top >= 1 else 0.1
    while top / step < 3:
        step /= 10 if step > 1e-6 else 1
    for factor in (1, 2, 5, 10, 20, 50):
        if top / (step * factor) <= 6:
            return step * factor
    return step * 100


def number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def label(result: dict, name: str) -> str:
    return {FLOOR: "hashes" if result["bench"] == "sign" else "floor"}.get(name, name)


def bar(result: dict, name: str, y: int, scale) -> list[str]:
    figures = result["subjects"][name]
    middle = y + ROW / 2
    end, low, high = (scale(figures[key]) for key in ("median", "min", "max"))
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
    top = max(one["median"] for one in subjects.values()) * 1.15
    height = TOP + ROW * len(subjects) + BOTTOM
    reach = WIDTH - LEFT - RIGHT

    def scale(value: float) -> float:
        return LEFT + min(value, top) / top * reach

    step = nice_step(top)
    base = height - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="10" y="22">{escape(title)}</text>',
    ]
    for count in range(int(top / step) + 1):
        x = scale(count * step)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{base}"/>')
        parts.append(
            f'<text class="axis" x="{x:.1f}" y="{base + 16}" text-anchor="middle">'
            f"{number(count * step)}</text>"
        )
    for place, name in enumerate(subjects):
        parts += bar(result, name, TOP + place * ROW, scale)
    better = f"{result['unit']}, {result['better']} is better"
    parts.append(
        f'<text class="axis" x="{WIDTH - 10}" y="22" text-anchor="end">{escape(better)}</text>'
    )
    return "\n".join([*parts, "</svg>", ""])
