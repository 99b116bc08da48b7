"""Synthetic catalogues of growing size in; how long Daogou's search takes on them and how much memory it needs, as a table and a plot, out.

usage: scale.py [--daogou target/release/daogou] [--work DIR] [--sizes 10000,31623,…] [--svg FILE] [--json]

Each catalogue is made by `daogou bench catalogue` (products with words as frequent as in a language, a title and a description with
a vector each; kept in --work for the next time: 3 GB for a million) and searched by `daogou bench search` for 240 needs, five rounds
after one to warm up. "words" is the lexical search alone, "search" all of it with the query's vector at hand: filters, words, vectors,
ranking and facets. Memory is the process's own (encoder and SQLite's cache with it) and what is mapped from files.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from pathlib import Path

SIZES = [10_000, 31_623, 100_000, 316_228, 1_000_000]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, GAP = 860, 340, 60, 20, 40, 50, 80


def main():
    options = read_options()
    rows = [measure(options, size) for size in options.sizes]
    if options.svg:
        Path(options.svg).write_text(plot(rows), encoding="utf-8")
    if options.json:
        print(json.dumps({"load": os.getloadavg(), "sizes": rows}))
        return
    print(f"{'products':>10}{'words p50':>11}{'p99':>7}{'search p50':>12}{'p99':>7}{'own MB':>9}{'mapped MB':>11}   (ms; load {os.getloadavg()[0]:.1f})")
    for row in rows:
        words, search, memory = row["lexical_ms"], row["search_ms"], row["memory_mb"]
        print(f"{row['products']:>10}{words['p50']:>11.1f}{words['p99']:>7.1f}{search['p50']:>12.1f}{search['p99']:>7.1f}{memory['own']:>9.0f}{memory['mapped']:>11.0f}")


def measure(options, size):
    data = options.work / str(size)
    needs = data / "needs.txt"
    if not needs.exists():
        print(f"making a catalogue of {size:,} products", file=sys.stderr)
        run([options.daogou, "bench", "catalogue", "--products", str(size), "--data", str(data)])
    lines = run([options.daogou, "bench", "search", "--data", str(data), "--queries", str(needs)]).splitlines()
    return json.loads(next(line for line in reversed(lines) if line.startswith("{")))


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"scale.py: {' '.join(command[:3])} failed: {(done.stderr.strip().splitlines() or ['nothing was printed'])[-1]}")
    return done.stdout


def plot(rows):
    """Two panels with logarithmic axes, readable on light and dark pages."""
    panel = (WIDTH - LEFT - RIGHT - GAP) / 2
    sizes = [row["products"] for row in rows]
    time = [
        ("search p99", "#d1495b", [row["search_ms"]["p99"] for row in rows]),
        ("search p50", "#e09f3e", [row["search_ms"]["p50"] for row in rows]),
        ("words p99", "#2e86ab", [row["lexical_ms"]["p99"] for row in rows]),
        ("words p50", "#4caf7a", [row["lexical_ms"]["p50"] for row in rows]),
    ]
    memory = [
        ("own", "#d1495b", [row["memory_mb"]["own"] for row in rows]),
        ("mapped", "#2e86ab", [row["memory_mb"]["mapped"] for row in rows]),
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Time and memory of a search, from ten thousand to a million products</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        draw(LEFT, panel, sizes, time, "milliseconds a search"),
        draw(LEFT + panel + GAP, panel, sizes, memory, "megabytes of memory"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def draw(left, width, sizes, series, title):
    values = [v for _, _, points in series for v in points]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    x = lambda n: left + width * math.log10(n / sizes[0]) / max(math.log10(sizes[-1] / sizes[0]), 1e-9)
    y = lambda v: TOP + (HEIGHT - TOP - BOTTOM) * (1 - math.log10(v / low) / math.log10(high / low))
    parts = [f'<text x="{left}" y="{TOP - 16}" font-weight="bold" fill="#222">{title}</text>']
    tick = low
    while tick <= high * 1.001:
        label = f"{tick:g}" if tick < 1_000 else f"{tick / 1_000:g} k"
        parts.append(f'<line x1="{left}" x2="{left + width:.0f}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end" fill="#555">{label}</text>')
        tick *= 10
    for size in sizes:
        if math.isclose(math.log10(size) % 1, 0, abs_tol=1e-3):
            label = f"{size // 1_000} k" if size < 1_000_000 else "1 M"
            parts.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#555">{label}</text>')
    parts.append(f'<text x="{left + width / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle" fill="#555">products</text>')
    for n, (name, colour, points) in enumerate(series):
        line = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(sizes, points))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for s, v in zip(sizes, points)]
        parts.append(f'<text x="{left + 10}" y="{TOP + 16 + 15 * n}" fill="{colour}">{name}</text>')
    return "\n".join(parts)


def read_options():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "daogou" / "scale"
    parser = argparse.ArgumentParser(description="time and memory of a search on catalogues of growing size")
    parser.add_argument("--daogou", default="target/release/daogou")
    parser.add_argument("--work", type=Path, default=cache)
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=SIZES)
    parser.add_argument("--svg", help="write the plot here")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    main()
