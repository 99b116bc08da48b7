"""Needs of shoppers in; how often shops rightly and wrongly say that they do not sell them, and how well `sold` is calibrated, out.

usage: sold.py --work DIR [--daogou target/release/daogou] [--data ../shared/data] [--demo DIR] [--json]

`sold` of `GET /v1/search` is the probability that the shop sells what was asked for, null where it cannot be told; below a half the shop
says that it does not. A need is asked of its own shop (not sold is a false alarm) and of shops that sell other things (not sold is right).
Electronics, taobao: judged queries with a relevant product. Fashion: attributes of 100 seeded random products ("navy blue shirts men").
Grocery: its 81 products ("Conference pear"). Demo: `search-needs.tsv`. What the other shop sells too, or may, is left out (PAIRS, by eye).
Reliability, Brier score and expected calibration error (ten bins) are over all answers but null, in this mix. Intervals: Wilson, 95 %.
--work keeps the shops; making their vectors takes minutes. --demo is the data of a demo shop whose vectors are made (`daogou demo`).
"""

import argparse
import contextlib
import csv
import gzip
import json
import random
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

SOLD, BINS, COMPOSED, NORMAL_95, PATIENCE_S, NONE = 0.5, 10, 100, 1.96, 120, "(?!)"
QUIET = ["--model", "none", "--speech", "none", "--image-model", "none"]
SHOPS = ("electronics", "taobao", "fashion", "grocery", "bicycles", "demo")
# Of which shops needs are asked, and which of them are not because that shop sells the thing as well; taobao sells everything.
PAIRS = {
    ("electronics", "en"): {"electronics": NONE, "fashion": r"backpack|\bbag\b|phone case|smart watch|vans", "grocery": "^apple$"},
    ("fashion", "en"): {"fashion": NONE, "electronics": r"backpacks|bag\b|rucksacks|pouch|watches", "grocery": NONE},
    ("grocery", "en"): {"grocery": NONE, "electronics": "^(Orange|Peach|Plum)$", "fashion": "^(Orange|Peach|Plum|Lime)$"},
    ("taobao", "zh"): {
        "taobao": NONE, "bicycles": "superb|三轮车|速干衣|护膝|双肩包|帽子|水杯|轮滑",
        "demo": "靴|饼干|卡包|es-lf50|heyna|homichef|k金|laarome|小夜灯|工具|充电头|全球探險|减肥餐|鞋(?!架)|锅|书籍|速干衣|电话手机|台灯|z62|金刚"
        "|香榧|a60|相机$|帽子|摩卡壶|云电脑|双肩包|本佐|沙发|毛衣|油茶|涂色书|地毯|闹钟|喜临门|蒸发膜|水鬼|水杯|水粉笔|莫品|真假|鸡胸|姑娘|懒猫",
    },
    ("demo", "en"): {"demo": NONE, "grocery": NONE},
    ("demo", "zh"): {"demo": NONE, "bicycles": "骑车|T恤|保温杯"},
}


def main():
    parser = argparse.ArgumentParser(description="what shops say they do not sell, beside what they do")
    parser.add_argument("--daogou", default="target/release/daogou")
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--demo", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    shops = {name: data for name in SHOPS if (data := shop_data(options, name))}
    answers = []
    for shop, data in shops.items():
        with served(options, data) as url:
            for (made, lang), others in PAIRS.items():
                needs = needs_of(options.data / made, lang) if made in shops and shop in others else []
                for need in (need for need in needs if not re.search(others[shop], need)):
                    found = json.loads(ask(f"{url}/v1/search?" + urllib.parse.urlencode({"q": need, "limit": 1, "lang": lang})))
                    answers.append({"shop": shop, "needs": f"{made} {lang}", "own": made == shop, "need": need, "sold": found["sold"]})
    figures = judge(answers) if answers else sys.exit("sold.py: there is no shop to ask")
    print(json.dumps(figures, ensure_ascii=False)) if options.json else show(figures)


def needs_of(folder, lang):
    table = lambda path: csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    if folder.name == "demo":
        return [row["need"] for row in table(Path(__file__).with_name("search-needs.tsv")) if row["lang"] == lang]
    if (folder / "qrels.tsv").exists():
        relevant = {row["query-id"] for row in table(folder / "qrels.tsv") if float(row["score"]) > 0}
        queries = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
        return [query["text"] for query in queries if query["id"] in relevant]
    with gzip.open(folder / "catalog.jsonl.gz", "rt", encoding="utf-8") as lines:
        products = [(product, product["product_type"].split(" > ")) for product in map(json.loads, lines)]
    if folder.name == "grocery":
        narrow = [(product["title"], path[-1].lower().replace("-", " ") if path[1:] else "") for product, path in products]
        return [title if kind in title.lower() else f"{title} {kind}" for title, kind in narrow]
    random.Random(1).shuffle(products)
    plain = [(product, path[-1]) for product, path in products if product["color"] != "NA" and not re.search("Gift|Accessor", path[-1])]
    return list(dict.fromkeys(f"{product['color']} {kind} {product['gender']}".lower() for product, kind in plain))[:COMPOSED]


def shop_data(options, name):
    feed, data, begun = options.data / name / "catalog.jsonl.gz", options.work / name, options.work / f"{name}.new"
    if not (options.demo if name == "demo" else feed.exists()):
        return print(f"sold.py: {name} is not there and left out", file=sys.stderr)
    if name != "demo" and not data.exists():
        subprocess.run([options.daogou, "import", feed, "--data", begun, *QUIET, "--vectors"], stdout=sys.stderr, check=True)
        begun.rename(data)
    return options.demo if name == "demo" else data


@contextlib.contextmanager
def served(options, data):
    command = [options.daogou, "serve", "--listen", "127.0.0.1:0", "--data", data, *QUIET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as shop:
        try:
            url, begun = re.search(r"http://[^/\s]+", shop.stdout.readline()), time.monotonic()
            while not url or re.search("^daogou_(text_vectors 0|texts_waiting [1-9])", ask(f"{url[0]}/metrics"), re.MULTILINE):
                if not url or time.monotonic() - begun > PATIENCE_S:
                    sys.exit(f"sold.py: the shop in {data} is not served, or lacks vectors")
                time.sleep(0.5)
            yield url[0]
        finally:
            shop.terminate()


def ask(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def judge(answers):
    kept = lambda **about: [answer for answer in answers if about.items() <= answer.items()]
    sets = [dict(about) for about in dict.fromkeys(tuple(answer.items())[:3] for answer in answers)]
    known = [(answer["sold"], answer["own"]) for answer in answers if answer["sold"] is not None]
    bins = [[pair for pair in known if min(int(pair[0] * BINS), BINS - 1) == place] for place in range(BINS)]
    rows = [(place / BINS, len(held), *(sum(side) / len(held) for side in zip(*held))) for place, held in enumerate(bins) if held]
    return {
        "sets": [{**about, **count(kept(**about))} for about in sets],
        "false_alarms": count(kept(own=True)),
        "told": count(kept(own=False)),
        "reliability": [dict(zip(("from", "answers", "predicted", "sold"), row)) for row in rows],
        "brier": sum((predicted - own) ** 2 for predicted, own in known) / max(len(known), 1),
        "calibration_error": sum(size * abs(predicted - own) for _, size, predicted, own in rows) / max(len(known), 1),
        "wrong": [answer for answer in answers if (answer["sold"] is not None and answer["sold"] < SOLD) == answer["own"]],
    }


def count(answers):
    known = [answer["sold"] for answer in answers if answer["sold"] is not None]
    told, asked, square = sum(sold < SOLD for sold in known), max(len(answers), 1), NORMAL_95**2
    middle, spread = told + square / 2, NORMAL_95 * (told * (asked - told) / asked + square / 4) ** 0.5
    low, high = (max(0.0, (middle + side) / (asked + square)) for side in (-spread, spread))
    return {"asked": len(answers), "told": told, "share": told / asked, "low": low, "high": high, "null": len(answers) - len(known)}


def show(figures):
    line = lambda row: f"{row['told']} of {row['asked']} ({row['share']:.2f}, {row['low']:.2f}–{row['high']:.2f}), null {row['null']}"
    for row in figures["sets"]:
        print(f"{row['shop']:<12} {row['needs']:<15} {'own  ' if row['own'] else 'other'}  told not sold {line(row)}")
    print(f"false alarms: {line(figures['false_alarms'])}\ntold: {line(figures['told'])}\npredicted  answers   mean  truly sold")
    for row in figures["reliability"]:
        print(f"{row['from']:.1f}–{row['from'] + 1 / BINS:.1f} {row['answers']:>11} {row['predicted']:>6.2f} {row['sold']:>11.2f}")
    print(f"Brier score {figures['brier']:.3f}, expected calibration error {figures['calibration_error']:.3f}")


if __name__ == "__main__":
    main()
