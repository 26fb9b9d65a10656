"""Draws bars on a logarithmic axis as SVG, by hand: a few shapes need no library."""

import math
from html import escape

WIDTH, LEFT, RIGHT = 860, 330, 90
BAR, GAP, GROUP = 16, 4, 18
COLOURS = {"PostgreSQL": "#31688e", "numpy": "#35937a", "OR-tools": "#8a4f9e", "LEMON": "#b5732a"}


def draw(title, groups):
    """`groups` are pairs of a name and its bars, each a label and a ratio of at least 1/10."""
    decades = max(1, math.ceil(math.log10(max(ratio for _, bars in groups for _, ratio in bars))))
    plot = WIDTH - LEFT - RIGHT

    def across(ratio):
        return LEFT + plot * min(max(math.log10(ratio), 0), decades) / decades

    shapes, y = [], 70
    for name, bars in groups:
        middle = y + (len(bars) * (BAR + GAP) - GAP) / 2 + 5
        shapes.append(f'<text x="{LEFT - 100}" y="{middle:.0f}" text-anchor="end">{escape(name)}</text>')
        for label, ratio in bars:
            end, base = across(ratio), y + BAR - 4
            shapes.append(f'<text class="small" x="{LEFT - 8}" y="{base}" text-anchor="end">{escape(label)}</text>')
            shapes.append(f'<rect x="{LEFT}" y="{y}" width="{max(end - LEFT, 1):.1f}" height="{BAR}" '
                          f'fill="{COLOURS[label]}"/>')
            digits = f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}".replace(",", " ")
            shapes.append(f'<text class="value" x="{end + 6:.1f}" y="{base}">{digits}×</text>')
            y += BAR + GAP
        y += GROUP
    height = y + 30
    axis = []
    for decade in range(decades + 1):
        x = across(10**decade)
        axis.append(f'<line x1="{x:.1f}" y1="58" x2="{x:.1f}" y2="{y - 6}"/>')
        label = f"{10**decade:,}".replace(",", " ")
        axis.append(f'<text class="small" x="{x:.1f}" y="{y + 10}" text-anchor="middle">{label}×</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}">',
        "<style>text { font: 14px sans-serif; fill: #1d1d1f } .small { font-size: 12px; fill: #55555a } "
        ".value { font-size: 12px; font-weight: bold } .title { font-size: 16px; font-weight: bold } "
        "line { stroke: #d0d0d5 }</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text class="title" x="20" y="30">{escape(title)}</text>',
        '<text class="small" x="20" y="48">on the clock, medians of five turns; logarithmic; the engine is 1×</text>',
        *axis,
        *shapes,
        "</svg>",
        "",
    ])
