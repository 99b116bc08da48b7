"""Synthetic vectors in; Daogou's vector search beside usearch and hnswlib on them, as a table, out.

usage: ann.py [--daogou target/release/daogou] [--work DIR] [--sizes 100000,1000000] [--queries 200] [--only daogou,usearch,hnswlib] [--json]

Needs numpy, usearch and hnswlib from PyPI. The vectors have 384 dimensions and lie around 2,000 centres, as texts of a catalogue do; a
query is a vector like them that is not among them. Everybody gets the same, and two threads. "build" is from vectors in memory to the
first answer; "recall" is how many of the ten nearest by exact cosine are among the ten found. Filters let in every tenth and every
thousandth vector: Daogou is told before it looks, hnswlib asks a function for each candidate, usearch's Python package knows no filter,
so ten times as many as the filter needs are fetched and sifted. "memory" is what the process grew by; Daogou's signs and codes are its
own, and the vectors themselves are mapped from a file.
"""

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")
import numpy as np

DIM, DEPTH, CENTRES, THREADS = 384, 10, 2_000, 2
FILTERS = {"all": 1, "tenth": 10, "thousandth": 1_000}
LINKS, BUILD_WIDTH, SEARCH_WIDTH = 16, 128, 128
# usearch is asked for so many times what a filter would leave, up to this many in all.
FETCH, MOST = 10, 20_000


def main():
    options = read_options()
    rows = []
    for size in options.sizes:
        place = options.work / str(size)
        make(place, size, options.queries)
        truth = nearest(place)
        for name in options.only:
            # A process for each: memory is then its own.
            command = [sys.executable, __file__, "--one", name, "--daogou", options.daogou, "--work", str(options.work), "--sizes", str(size)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
            if done.returncode != 0:
                print(f"{name} is left out at {size:,}", file=sys.stderr)
                continue
            report = json.loads(done.stdout.splitlines()[-1])
            for kind, asked in report["queries"].items():
                found = asked.pop("found")
                share = FILTERS[kind]
                asked["recall"] = float(np.mean([len(set(f[:DEPTH]) & set(t)) / len(t) for f, t in zip(found, truth[kind])]))
                asked["wrong"] = sum(1 for f in found for n in f if n % share)
                asked["short"] = sum(1 for f in found if len(f) < DEPTH)
            rows.append({"size": size, "name": name, **report})
    if options.json:
        print(json.dumps({"load": os.getloadavg(), "rows": rows}))
        return
    print(f"load {os.getloadavg()[0]:.1f}\n")
    print("| vectors | | build, s | memory, MB | p50 / p99, ms | recall@10 | every tenth: p50 / p99, recall | every thousandth |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        cells = [f"{row['size']:,}", row["name"], f"{row['build_s']:.1f}", f"{row['own_mb']:,.0f}"]
        for kind, asked in row["queries"].items():
            times = f"{asked['ms']['p50']:.2f} / {asked['ms']['p99']:.2f}"
            odd = f" ({asked['wrong']} wrong, {asked['short']} short)" if asked["wrong"] or asked["short"] else ""
            cells += [times, f"{asked['recall']:.3f}"] if kind == "all" else [f"{times}, {asked['recall']:.3f}{odd}"]
        print("| " + " | ".join(cells) + " |")


def make(place, size, queries):
    """Rows around centres, which lie anywhere but share a direction, as texts of one encoder do."""
    if (place / "queries.f32").exists() and (place / "rows.f32").stat().st_size == size * DIM * 4:
        return
    place.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    centres = unit(random.standard_normal((CENTRES, DIM), dtype=np.float32))

    def draw(count):
        near = centres[random.integers(0, CENTRES, count)]
        return unit(near + random.standard_normal((count, DIM), dtype=np.float32) * (0.9 / np.sqrt(DIM)))

    with open(place / "rows.f32", "wb") as out:
        for start in range(0, size, 50_000):
            out.write(draw(min(50_000, size - start)).astype("<f4").tobytes())
    (place / "queries.f32").write_bytes(draw(queries).astype("<f4").tobytes())


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def load(place):
    rows = np.memmap(place / "rows.f32", dtype="<f4", mode="r").reshape(-1, DIM)
    return rows, np.fromfile(place / "queries.f32", dtype="<f4").reshape(-1, DIM)


def nearest(place):
    """The ten nearest by exact cosine, for each filter."""
    rows, queries = load(place)
    best = {kind: [[] for _ in queries] for kind in FILTERS}
    for start in range(0, len(rows), 50_000):
        near = queries @ np.asarray(rows[start : start + 50_000]).T
        for kind, share in FILTERS.items():
            ids = np.arange(start, start + near.shape[1])
            ids = ids[ids % share == 0]
            if not len(ids):
                continue
            part = near[:, ids - start]
            top = np.argpartition(-part, min(DEPTH, part.shape[1]) - 1, axis=1)[:, :DEPTH]
            for q in range(len(queries)):
                best[kind][q] += [(float(part[q, t]), int(ids[t])) for t in top[q]]
    return {kind: [[n for _, n in sorted(b, reverse=True)[:DEPTH]] for b in lists] for kind, lists in best.items()}


def daogou(options, place):
    done = subprocess.run([options.daogou, "bench", "nearest", str(place)], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def usearch(_, place):
    from usearch.index import Index

    rows, queries = load(place)
    rows = np.array(rows)
    before, begun = own(), time.perf_counter()
    index = Index(ndim=DIM, metric="cos", dtype="i8", connectivity=LINKS, expansion_add=BUILD_WIDTH, expansion_search=SEARCH_WIDTH)
    index.add(np.arange(len(rows)), rows, threads=THREADS)
    index.search(queries[0], DEPTH)
    built = time.perf_counter() - begun

    def ask(query, share):
        count = DEPTH if share == 1 else min(DEPTH * share * FETCH, MOST, len(rows))
        keys = index.search(query, count).keys
        return [int(k) for k in keys[keys % share == 0][:DEPTH]]

    return report(queries, ask, built, own() - before)


def hnswlib(_, place):
    import hnswlib as library

    rows, queries = load(place)
    rows = np.array(rows)
    before, begun = own(), time.perf_counter()
    index = library.Index(space="cosine", dim=DIM)
    index.init_index(max_elements=len(rows), M=LINKS, ef_construction=BUILD_WIDTH)
    index.add_items(rows, np.arange(len(rows)), num_threads=THREADS)
    index.set_ef(SEARCH_WIDTH)
    index.knn_query(queries[:1], DEPTH, num_threads=1)
    built = time.perf_counter() - begun

    def ask(query, share):
        try:
            return [int(k) for k in index.knn_query(query[None], DEPTH, num_threads=1, filter=None if share == 1 else (lambda n: n % share == 0))[0][0]]
        except RuntimeError:
            # It gives up when it cannot fill the ten.
            return []

    return report(queries, ask, built, own() - before)


def report(queries, ask, built, grown):
    asked = {}
    for kind, share in FILTERS.items():
        found, times = [], []
        for round in range(2):
            for query in queries:
                begun = time.perf_counter()
                ids = ask(query, share)
                if round:
                    times.append((time.perf_counter() - begun) * 1e3)
                    found.append(ids)
        asked[kind] = {"ms": {"p50": float(np.percentile(times, 50)), "p99": float(np.percentile(times, 99))}, "found": found}
    return {"build_s": built, "own_mb": grown, "queries": asked}


def own():
    lines = Path("/proc/self/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def read_options():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "daogou" / "ann"
    parser = argparse.ArgumentParser(description="Daogou's vector search beside ANN libraries")
    parser.add_argument("--daogou", default="target/release/daogou")
    parser.add_argument("--work", type=Path, default=cache)
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--only", type=lambda text: text.split(","), default=["daogou", "usearch", "hnswlib"])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.one:
        ways = {"daogou": daogou, "usearch": usearch, "hnswlib": hnswlib}
        print(json.dumps(ways[options.one](options, options.work / str(options.sizes[0]))))
        sys.exit()
    print("versions: " + ", ".join(f"{name} {version(name)}" for name in ("numpy", "usearch", "hnswlib")), file=sys.stderr)
    return options


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


if __name__ == "__main__":
    main()
