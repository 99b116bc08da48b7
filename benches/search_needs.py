"""Needs of shoppers in; how many of them the demo shop answers with a product that fits first, and the ones it does not, out.

usage: search_needs.py [--daogou target/release/daogou] --data DIR [--json]

`search-needs.tsv` holds thirty needs in each language with the products of the demo shop that fit (item groups, the best named first).
DIR is the data of a demo shop whose vectors are made (`daogou demo --data DIR`). Each need is a `daogou search` of its own.
"""

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description="thirty needs in each language, asked of the demo shop")
    parser.add_argument("--daogou", default="target/release/daogou")
    parser.add_argument("--data", required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open(Path(__file__).with_name("search-needs.tsv"), encoding="utf-8") as needs:
        rows = list(csv.DictReader(needs, delimiter="\t"))
    counts, odd = {}, []
    for row in rows:
        hits = search(options, row["need"])
        fits = [hit["id"].startswith(tuple(f"{fit}" for fit in row["fits"].split())) for hit in hits]
        first, three = fits[:1] == [True], any(fits[:3])
        own = counts.setdefault(row["lang"], {"needs": 0, "first": 0, "among_three": 0})
        own["needs"] += 1
        own["first"] += first
        own["among_three"] += three
        if not first:
            odd.append({**row, "found": [f"{hit['id']} {hit['title']}" for hit in hits[:3]]})
    if options.json:
        print(json.dumps({"counts": counts, "odd": odd}, ensure_ascii=False))
        return
    for lang, own in counts.items():
        print(f"{lang}: the first hit fits {own['first']} of {own['needs']} needs, one of the first three {own['among_three']}")
    for row in odd:
        print(f"  {row['need']} ({row['fits']}): {'; '.join(row['found']) or 'nothing'}")


def search(options, need):
    done = subprocess.run([options.daogou, "search", need, "--data", options.data, "--limit", "5", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"search_needs.py: {(done.stderr.strip().splitlines() or ['nothing was printed'])[-1]}")
    return json.loads(done.stdout.splitlines()[-1])["hits"]


if __name__ == "__main__":
    main()
