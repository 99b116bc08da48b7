#!/usr/bin/env python3
"""Needs of shoppers in; how fittingly, how truly and how fast the shop advises on them, and what became of the model's sentences, out.

usage: advice.py ws://127.0.0.1:8080/v1/chat [DATA/daogou.db] [--needs FILE] [--out FILE] [--first N] [--json]

Each need is said in a fresh chat, one after another; the next waits for `done`. Without a database the model's sentences cannot be
told apart: a few needs are said and timed. With it (SQLite, read only; the data directory will do) they are those of demo-needs.jsonl:
a line {"lang", "text", "kind", "price_max"?}, where `kind` is a regular expression that title or category of a fitting product
matches, in either language, and empty when the shop sells nothing of the kind.

fitting      one of the first three cards is of the kind and within the price
honest no    of what is not sold the reply says so, or that nothing was found
false no     it says so of what is sold
false fact   found without the server's own check, from what `GET /v1/products/{id}` and the shop's rules say: cards, prices, claims,
             stock, and in the model's sentences every number
Times count from when the need was sent. --out keeps every reply, one JSON object a line. The last line printed is the summary in JSON.
Needs: websockets (PyPI)."""

import argparse
import asyncio
import json
import os
import re
import sqlite3
import sys
import time
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from decimal import Decimal
from pathlib import Path

import websockets
from websockets.exceptions import WebSocketException

DEMO = Path(__file__).with_name("demo-needs.jsonl")
A_FEW = [
    "想给爸爸买一双防滑的登山鞋，500以内",
    "a rain jacket that packs small, under 80",
    "wireless headphones for the gym",
    "想买一个适合学生的笔记本电脑",
    "a laser printer for a small office",
    "送女朋友的生日礼物，200左右",
]
LONGEST_REPLY_S = 120
LOOKED_AT = 3

NO = r"n[o']t (seem to )?sell\b|could not find anything|cannot help with that|没有卖|不卖|没有找到|帮不上忙"
NONE_AT_THAT_PRICE = r"nothing suitable in that price range|这个价位没有合适的"
SOLD_OUT = r"out of stock|sold out|not in stock|unavailable|缺货|没货|无货|售罄|断货|没有现货"
IN_STOCK = r"\bin stock\b|available now|ready to ship|现货|有货|库存充足|\bonly \d+ left|只剩 ?\d+ ?件"
LATER = {"preorder": r"pre-order|可以预订", "backorder": r"on back order|可以订货"}
LEFT = r"\bonly (\d+) left|只剩 ?(\d+) ?件"
MONEY = (
    r"(?:s\$|hk\$|us\$|\$|¥|€|£|sgd|usd|cny|rmb|eur) ?(\d[\d,]*(?:\.\d+)?)"
    r"|(\d[\d,]*(?:\.\d+)?) ?(?:元|块|新币|新元|美元|sgd|usd|cny|eur|yuan|dollar|buck)"
)
ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve".split()
HAN = "一二三四五六七八九"
COUNTED = "个小时天日年月周公斤克升毫厘米瓦度件双只条层档种级次倍块袋包片支色口人位款挡键页"
SCALES = [Decimal(n) for n in ("1", "10", "100", "1000", "2.54", "12", "0.1", "0.01", "0.001")]


class Trouble(Exception):
    """What ends the run, in words for the person who started it."""


def main():
    options = read_options()
    evidence = Evidence(options.db) if options.db else None
    needs = read_needs(options, evidence)
    shop, load, answers, trouble = Shop(options.url), os.getloadavg(), [], None
    for n, need in enumerate(needs, 1):
        try:
            answers.append(judge(need, asyncio.run(ask(options.url, need)), shop, evidence))
        except (OSError, WebSocketException, asyncio.TimeoutError, Trouble) as error:
            trouble = f"need {n} ({need['text']}): {in_words(error, options.url)}"
            break
        if sys.stderr.isatty() or not options.json:
            progress(n, len(needs), answers)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(answer, ensure_ascii=False, default=float) + "\n" for answer in answers)
    if answers:
        report(options, answers, load)
    if trouble:
        sys.exit(f"advice.py: stopped after {len(answers)} of {len(needs)} needs, at {trouble}")


# Asking.


async def ask(url, need):
    """One need in a new session → the frames of its reply, each with when it came in `at_ms`."""
    locale = "zh-CN" if need["lang"] == "zh" else "en-US"
    async with websockets.connect(url, compression=None, max_size=None) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": 1, "locale": locale, "channel": "cli"}))
        await asyncio.wait_for(until("ready", socket, time.perf_counter()), LONGEST_REPLY_S)
        begun = time.perf_counter()
        await socket.send(json.dumps({"type": "say", "id": "1", "text": need["text"]}))
        return await asyncio.wait_for(until("done", socket, begun), LONGEST_REPLY_S)


async def until(last, socket, begun):
    frames = []
    while True:
        frame = json.loads(await socket.recv(), parse_float=Decimal)
        frame["at_ms"] = 1000 * (time.perf_counter() - begun)
        frames.append(frame)
        if frame["type"] == "error":
            raise Trouble(f"the server answered {frame['code']}: {frame['message']}")
        if frame["type"] == last:
            return frames


def in_words(error, url):
    if isinstance(error, ConnectionRefusedError) or "Connect call failed" in str(error):
        return f"nothing listens at {url}; is the shop running?"
    if isinstance(error, asyncio.TimeoutError):
        return str(error) or f"no whole reply within {LONGEST_REPLY_S} s"
    if isinstance(error, websockets.exceptions.ConnectionClosed):
        return f"the server closed the socket before the reply was done: {error}"
    return str(error) or type(error).__name__


# What is known of the shop, and what the server noted.


class Shop:
    """The catalogue over HTTP; each product is fetched once, in both languages."""

    def __init__(self, url):
        self.base = re.sub("^ws", "http", url).removesuffix("/v1/chat")
        self.known = {}

    def product(self, product):
        if product not in self.known:
            texts = [self.fetch(product, lang) for lang in ("en", "zh")]
            self.known[product] = Product(texts) if all(texts) else None
        return self.known[product]

    def fetch(self, product, lang):
        address = f"{self.base}/v1/products/{urllib.parse.quote(product, safe='')}?lang={lang}"
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return json.loads(answer.read(), parse_float=Decimal)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise Trouble(f"{address} answered {error.code}") from error


class Product:
    def __init__(self, texts):
        first = texts[0]
        self.price, self.list_price = first["price"], first.get("list_price")
        self.availability, self.quantity, self.rating = first["availability"], first.get("quantity"), first.get("rating")
        self.titles = [text["title"] for text in texts]
        self.name = " | ".join(text[field] for field in ("title", "category") for text in texts)
        self.lines, self.options = [], set()
        for text in texts:
            self.lines += [text["title"], text["description"], text["material"], text["brand"], text["size"], *text["highlights"]]
            for detail in text["details"]:
                self.lines += stated(detail["name"], detail["value"])
            stocked = [v for v in text["variants"] if v["availability"] == "in_stock"]
            self.options |= {plain(f"{v['color_name']} {v['size']}") for v in stocked}
        self.plain_lines = [plain(line) for line in self.lines]
        self.amounts = {amount for line in self.lines for amount in amounts(line)} | {self.price, self.list_price}
        own = " ".join(map(str, [self.price, self.list_price, self.rating, self.quantity]))
        self.numbers = numbers("\n".join([*self.lines, own]))


def stated(name, value):
    """A detail as a feed states it and as people say it: "waterproof: yes, 8000 mm" and "waterproof (8000 mm)"."""
    yes = re.match(r"(?:yes|是)(?:$|[,，;； ]+(.*))", value)
    said = [] if not yes else [f"{name} ({yes[1]})" if yes[1] else name]
    return [f"{name}: {value}", value, *said]


class Evidence:
    """What the server noted of each turn, its rules and its catalogue, from the SQLite file."""

    def __init__(self, path):
        path = Path(path)
        path = path / "daogou.db" if path.is_dir() else path
        if not path.exists():
            raise SystemExit(f"advice.py: there is no database at {path}")
        self.path, self.db = path, sqlite3.connect(f"file:{urllib.parse.quote(str(path))}?mode=ro", uri=True, timeout=15)
        self.policies = dict(self.select("select id, body from policy"))
        self.catalogue = []
        for record, price in self.select("select record, price_minor from product where gone = 'no'"):
            record = json.loads(record)
            texts = [record["text"], *record.get("localized", {}).values()]
            name = " | ".join(text.get(field, "") for field in ("title", "category") for text in texts)
            self.catalogue.append((name, None if price is None else Decimal(price) / 100))

    def select(self, query, *values):
        try:
            return self.db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise SystemExit(f"advice.py: {self.path} cannot be read as Daogou's database: {error}") from error

    def drafts(self, turn):
        """The verdicts on the model's sentences in a turn, and why there were none."""
        for _ in range(20):
            rows = self.select("select evidence from turn where id = ?", turn)
            if rows:
                break
            time.sleep(0.1)
        verdicts, reasons, part = [], [], json.loads(rows[0][0]) if rows else {}
        while part:
            verdicts = part.get("draft", []) + verdicts
            reasons += [part["no_draft"]] if "no_draft" in part else []
            part = part.get("before")
        return verdicts, reasons

    def sells(self, need):
        """Whether a product is of the kind, and whether one of them is within the price."""
        prices = [price for name, price in self.catalogue if re.search(need["kind"], name, re.I)]
        limit = need.get("price_max")
        return bool(prices), any(limit is None or (price is not None and price <= limit) for price in prices)


# Judging.


def judge(need, frames, shop, evidence):
    of = lambda kind: [frame for frame in frames if frame["type"] == kind]
    cards = [card for frame in of("products") for card in frame["items"]]
    texts, done = of("text"), of("done")[0]
    verdicts, reasons = evidence.drafts(done["turn"]) if evidence else ([], [])
    by_model = {(verdict.get("mended") or verdict["text"]).strip() for verdict in verdicts if verdict["said"]}
    from_model = [frame for frame in texts if frame["text"] in by_model]
    at = lambda frames: frames[0]["at_ms"] if frames else None
    timed = done["timing_ms"]["first_model_text"]
    said = "\n".join(frame["text"] for frame in texts)
    denied = bool(re.search(NO, said, re.I))
    answer = {
        "lang": need["lang"], "need": need["text"], "kind": need.get("kind"), "price_max": need.get("price_max"),
        "finish": done["finish"], "model": done["model"], "cards": [(card["id"], card["title"], card["price"]) for card in cards],
        "said": [[frame["text"], "model" if frame in from_model else "shop"] for frame in texts], "draft": verdicts, "no_draft": reasons,
        "first_card_ms": at(of("products")), "first_text_ms": at(texts),
        "first_model_text_ms": at(from_model) or (None if timed is None else float(timed)), "total_ms": done["at_ms"],
        "false_facts": false_facts(need, cards, texts, by_model, shop, evidence), "denied": denied,
    }  # fmt: skip
    if need.get("kind"):
        limit = need.get("price_max")
        within = lambda card: limit is None or (card["price"] is not None and card["price"] <= limit)
        first = cards[:LOOKED_AT]
        answer["fitting"] = any(within(c) and re.search(need["kind"], name_of(c, shop), re.I) for c in first)
        answer["within_price"] = None if limit is None or not first else all(map(within, first))
        answer["false_no"] = denied or bool(evidence and evidence.sells(need)[1] and re.search(NONE_AT_THAT_PRICE, said, re.I))
    elif "kind" in need:
        answer["honest_no"] = denied
    return answer


def name_of(card, shop):
    product = shop.product(card["id"])
    return f"{card['title']} | {product.name}" if product else card["title"]


def false_facts(need, cards, texts, by_model, shop, evidence):
    """What is said and not so, each in words."""
    found = [f"{card['id']}: {wrong}" for card in cards for wrong in wrong_on_card(card, shop.product(card["id"]))]
    products = {card["id"]: shop.product(card["id"]) for card in cards}
    for frame in texts:
        text, claims, model = frame["text"], frame["claims"], frame["text"] in by_model
        wrong = [w for claim in claims for w in wrong_claim(claim, text, shop, evidence)]
        if not any(claim.get("policy") for claim in claims):
            about = subjects(text, claims, products, model, shop)
            wrong += wrong_money(text, about, need, list(products.values())) + wrong_stock(text, claims, about)
            count = re.search(r"^Here are (\d+)|^为您找到 (\d+) 款", text)
            if count and int(count[1] or count[2]) != len(cards):
                wrong.append(f"{len(cards)} cards were shown")
            if model:
                told = numbers(need["text"]).union(*(product.numbers for product in about))
                wrong += [f"the number {number} is not in the record" for number in numbers(text) - told]
        found += [f"“{text}”: {w}" for w in wrong]
    return found


def wrong_on_card(card, product):
    if product is None:
        return ["a card of a product that the catalogue does not have"]
    wrong = []
    for field in ("price", "list_price", "availability", "quantity"):
        said, so = card.get(field), getattr(product, field)
        if said != so:
            wrong.append(f"the card's {field} is {said}, the catalogue's {so}")
    for reason in card["why"]:
        sums = amounts(reason)
        usual = re.match("Usually|原价", reason)
        if any(s != product.list_price if usual else product.price is None or product.price > s for s in sums):
            wrong.append(f"“{reason}” at {product.price}, usually {product.list_price}")
        stars = re.search(r"(?:Rated|评分) ([\d.]+)", reason)
        if stars and (product.rating is None or not 0 <= product.rating - Decimal(stars[1]) < Decimal("0.1")):
            wrong.append(f"“{reason}”, the catalogue has {product.rating}")
    return wrong


def wrong_claim(claim, text, shop, evidence):
    value, field = claim["value"], claim["field"]
    if plain(claim["text"]) not in plain(text):
        yield f"claims “{claim['text']}”, which it does not say"
    if claim.get("policy"):
        if evidence and evidence.policies.get(claim["policy"]) != value:
            yield f"the rule {claim['policy']} has other words"
        return
    product = shop.product(claim["product"]) if claim.get("product") else None
    if product is None:
        yield f"a claim about {claim.get('product')}, which the catalogue does not have"
        return
    if field in ("price", "list_price"):
        so = getattr(product, field)
        right = so is not None and amounts(value) == [so] and amounts(claim["text"]) in ([so], [])
    elif field == "availability":
        so, right = product.availability, value == product.availability
    elif field == "variants":
        so = sorted(product.options)
        right = not value or all(plain(option) in product.options for option in re.split("、|, ", value))
    elif field == "measure":
        so = "what its details state"
        right = any(number * scale in product.numbers for number in numbers(value) for scale in SCALES)
    elif field == "description":
        so = "its description"
        right = all(any(plain(part) in line for line in product.plain_lines) for part in re.split(r"[。！？]|[.!?] ", value))
    else:
        so, right = "what its record states", any(plain(value) in line for line in product.plain_lines)
    if not right:
        yield f"claims {field} “{value}” of {claim['product']}; the catalogue has {so}"


def subjects(text, claims, products, model, shop):
    """The products a sentence is about: those it names, else those it claims something of, else what is shown (the model knows the best)."""
    claimed = {claim["product"]: shop.product(claim["product"]) for claim in claims if claim.get("product")}
    shown = {product: found for product, found in {**products, **claimed}.items() if found}
    named = [product for product in shown.values() if any(plain(title) in plain(text) for title in product.titles)]
    return named or [p for p in claimed.values() if p] or list(shown.values())[: 1 if model else None]


def wrong_money(text, about, need, shown):
    may = set(numbers(need["text"])).union(*(product.amounts for product in about))
    # "For S$160.00 more, …": the difference between two prices that are shown.
    prices = [product.price for product in [*shown, *about] if product and product.price is not None]
    may |= {abs(one - other) for one in prices for other in prices}
    return [f"says the sum {amount}; prices are {', '.join(str(p.price) for p in about) or 'not shown'}" for amount in amounts(text) if amount not in may]


def wrong_stock(text, claims, about):
    """Stock words that do not agree with the catalogue. A list of variants is checked as a claim; a question states nothing."""
    if text.rstrip().endswith(("?", "？")) or any(claim["field"] in ("variants", "description") for claim in claims):
        return []
    for product in about:
        for title in product.titles:
            text = text.replace(title, "")
    said = [code for code, words in LATER.items() if re.search(words, text, re.I)]
    said += ["out_of_stock"] if re.search(SOLD_OUT, text, re.I) else []
    said += ["in_stock"] if re.search(IN_STOCK, re.sub(SOLD_OUT, "", text, flags=re.I), re.I) else []
    wrong = [f"says {code}" for code in said if not about or any(product.availability != code for product in about)]
    left = re.search(LEFT, text, re.I)
    if left and any(product.quantity != int(left[1] or left[2]) for product in about):
        wrong.append(f"says {left[0]}")
    return [f"{w}; the catalogue has {', '.join(f'{p.availability} ({p.quantity})' for p in about) or 'nothing shown'}" for w in wrong]


def plain(text):
    """Without case, spaces, width of characters and the full stop, in which a quotation may differ."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold()).strip("。.;")


def amounts(text):
    found = re.finditer(MONEY, unicodedata.normalize("NFKC", text).casefold())
    return [Decimal((one[1] or one[2]).replace(",", "")) for one in found]


def numbers(text):
    """Every number in figures, from two to twelve in English words, and in Chinese ones before what is counted."""
    text = unicodedata.normalize("NFKC", text).casefold()
    found = {Decimal(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
    found |= {Decimal(ENGLISH.index(word)) for word in re.findall(r"[a-z]+", text) if word in ENGLISH[2:]}
    for one in re.findall(rf"([两{HAN}]?十[{HAN}]?|[两{HAN[1:]}])(?=[{COUNTED}])", text):
        tens, ten, ones = one.replace("两", "二").rpartition("十")
        digit = lambda sign, empty: Decimal(HAN.index(sign) + 1) if sign else Decimal(empty)
        found.add(digit(tens, 1) * 10 + digit(ones, 0) if ten else digit(ones, 0))
    return found


# Reporting.


def report(options, answers, load):
    groups = {"all": answers} | {lang: [a for a in answers if a["lang"] == lang] for lang in ("en", "zh")}
    figures = {name: figures_of(group) for name, group in groups.items() if group}
    summary = figures["all"] | {name: f for name, f in figures.items() if name != "all"}
    false = [f"{answer['need']}: {fact}" for answer in answers for fact in answer["false_facts"]]
    summary |= {"list_of_false_facts": false, "load_before": load, "load_after": os.getloadavg()}
    if not options.json:
        print_table(figures)
        print(f"load average {load[0]:.1f} before, {os.getloadavg()[0]:.1f} after")
        told = lambda title, lines: print(f"\n{title} ({len(lines)})", *lines, sep="\n  ")
        told("False facts", false)
        told("False no's", [a["need"] for a in answers if a.get("false_no")])
        told("Not sold, and not said so", [f"{a['need']} → {first_of(a)}" for a in answers if a.get("honest_no") is False])
        told("Nothing fitting among the first three cards", [f"{a['need']} → {first_of(a)}" for a in answers if a.get("fitting") is False])
        told("Dearer than wished", [f"{a['need']} → {first_of(a)}" for a in answers if a.get("within_price") is False])
        print()
    print(json.dumps(summary, ensure_ascii=False, default=float))


def first_of(answer):
    cards = "; ".join(f"{title} {price}" for _, title, price in answer["cards"][:LOOKED_AT])
    return cards or (answer["said"][0][0] if answer["said"] else "nothing")


def figures_of(answers):
    drafts = [verdict for answer in answers for verdict in answer["draft"]]
    said = [verdict for verdict in drafts if verdict["said"]]
    mended = [verdict for verdict in said if verdict["mended"]]
    refused = Counter(re.split(r"[( ]", verdict["objection"])[0] for verdict in drafts if not verdict["said"])
    sold = [answer for answer in answers if "fitting" in answer]
    not_sold = [answer for answer in answers if "honest_no" in answer]
    limited = [answer for answer in sold if answer["within_price"] is not None]
    advised = [answer for answer in answers if answer["first_model_text_ms"] is not None]
    of = lambda part, whole: round(part / whole, 3) if whole else None
    times = lambda field: sorted(answer[field] for answer in answers if answer[field] is not None)
    at = lambda field, share: round(times(field)[min(len(times(field)) - 1, int(share * len(times(field))))], 1) if times(field) else None
    return {
        "says": len(answers), "sold": len(sold), "fitting": sum(a["fitting"] for a in sold), "false_noes": sum(a["false_no"] for a in sold),
        "not_sold": len(not_sold), "honest_noes": sum(a["honest_no"] for a in not_sold),
        "with_price": len(limited), "within_price": sum(a["within_price"] for a in limited),
        "false_facts": sum(len(a["false_facts"]) for a in answers),
        "sentences_written": len(drafts), "sentences_passed": len(said) - len(mended), "sentences_mended": len(mended),
        "sentences_refused": len(drafts) - len(said), "objections": dict(refused.most_common()),
        "no_draft": dict(Counter(reason for a in answers for reason in a["no_draft"])),
        "passed_share": of(len(said) - len(mended), len(drafts)), "said_share": of(len(said), len(drafts)),
        "advised": len(advised), "advised_share": of(len(advised), len(answers)),
        "advised_share_of_sold": of(sum("fitting" in a for a in advised), len(sold)),
        "first_card_ms": at("first_card_ms", 0.5), "first_card_p95_ms": at("first_card_ms", 0.95),
        "first_text_ms": at("first_text_ms", 0.5), "first_text_p95_ms": at("first_text_ms", 0.95),
        "first_model_text_ms": at("first_model_text_ms", 0.5), "first_model_text_p95_ms": at("first_model_text_ms", 0.95),
        "worst_first_model_text_ms": at("first_model_text_ms", 1), "total_ms": at("total_ms", 0.5),
    }  # fmt: skip


def print_table(figures):
    share = lambda part, whole: lambda f: f"{f[part]} of {f[whole]}" if f[whole] else "–"
    percent = lambda field: lambda f: "–" if f[field] is None else f"{100 * f[field]:.0f} %"
    ms = lambda *fields: lambda f: " / ".join("–" if f[field] is None else f"{f[field]:.0f}" for field in fields) + " ms"
    rows = [
        ("needs", lambda f: f["says"]),
        ("answered fittingly", share("fitting", "sold")),
        ("  all of the first three cards within the price", share("within_price", "with_price")),
        ("false no's", share("false_noes", "sold")),
        ("honest no's", share("honest_noes", "not_sold")),
        ("false facts", lambda f: f["false_facts"]),
        ("model sentences written", lambda f: f["sentences_written"]),
        ("  passed / mended / refused", lambda f: f"{f['sentences_passed']} / {f['sentences_mended']} / {f['sentences_refused']}"),
        ("  share passed, and said with the mended ones", lambda f: f"{percent('passed_share')(f)}, {percent('said_share')(f)}"),
        *((f"  {why}", lambda f, why=why: f["objections"].get(why, 0)) for why in figures["all"]["objections"]),
        *((f"  no draft: {why}", lambda f, why=why: f["no_draft"].get(why, 0)) for why in figures["all"]["no_draft"]),
        ("needs with a sentence of the model", percent("advised_share")),
        ("  of what is sold", percent("advised_share_of_sold")),
        ("first card, p50 / p95", ms("first_card_ms", "first_card_p95_ms")),
        ("first sentence, p50 / p95", ms("first_text_ms", "first_text_p95_ms")),
        ("first sentence of the model, p50 / worst", ms("first_model_text_ms", "worst_first_model_text_ms")),
        ("whole reply, p50", ms("total_ms")),
    ]
    width = max(len(name) for name, _ in rows)
    print(" " * width, *(f"{name:>18}" for name in figures))
    for name, value in rows:
        print(f"{name:<{width}}", *(f"{value(f):>18}" for f in figures.values()))


def progress(n, total, answers):
    last = answers[-1]
    line = f"{n}/{total}  fitting {sum(a.get('fitting', False) for a in answers)}  false facts {sum(len(a['false_facts']) for a in answers)}"
    line += f"  last {last['total_ms'] / 1000:.1f} s: {last['need'][:40]}"
    print(f"\r\033[K{line}" if sys.stderr.isatty() else line, end="\n" if n == total or not sys.stderr.isatty() else "", file=sys.stderr, flush=True)


def read_needs(options, evidence):
    path = options.needs or (DEMO if options.db else None)
    if path is None:
        lang = lambda text: "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
        needs = [{"lang": lang(text), "text": text} for text in A_FEW]
    else:
        try:
            with open(path, encoding="utf-8") as lines:
                needs = [json.loads(line) for line in lines if line.strip()]
            for need in needs:
                need["lang"], need["text"], re.compile(need.get("kind") or "")
        except (OSError, ValueError, KeyError, re.error) as error:
            raise SystemExit(f"advice.py: {path} cannot be read as needs: {error!r}") from error
    needs = needs[: options.first]
    if not needs:
        raise SystemExit("advice.py: there are no needs to say")
    unmet = [need["text"] for need in needs if evidence and need.get("kind") and not all(evidence.sells(need))]
    if unmet:
        raise SystemExit(f"advice.py: of {len(unmet)} needs the shop sells nothing of the kind within the price, first “{unmet[0]}”")
    return needs


def read_options():
    parser = argparse.ArgumentParser(description="how fittingly, how truly and how fast the shop advises")
    parser.add_argument("url", nargs="?", default="ws://127.0.0.1:8080/v1/chat")
    parser.add_argument("db", nargs="?", help="the shop's SQLite file or its data directory")
    parser.add_argument("--needs", help="JSON lines; demo-needs.jsonl when there is a database")
    parser.add_argument("--out", help="write every reply and what was found of it here")
    parser.add_argument("--first", type=int, help="only so many of the needs")
    parser.add_argument("--json", action="store_true", help="print the summary alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
