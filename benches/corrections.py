#!/usr/bin/env python3
"""Corrections: how long after a PATCH every open chat that was shown the product knows of it. One JSON object last.

corrections.py ws://127.0.0.1:8080/v1/chat --key MERCHANT_KEY [--chats 1000] [--rounds 10] [--need TEXT] ; the shop must be running,
with `--max-chats` above the number of chats. The price goes up and down by a cent and ends as it was.
Needs: websockets (PyPI)."""

import argparse
import asyncio
import json
import time
import urllib.request

import websockets


async def open_chat(url: str, need: str):
    socket = await websockets.connect(url, max_queue=None)
    await socket.send(json.dumps({"type": "hello", "protocol": 1, "locale": "en-US", "channel": "cli"}))
    await socket.send(json.dumps({"type": "say", "id": "1", "text": need}))
    while True:
        frame = json.loads(await socket.recv())
        if frame["type"] == "products":
            item = frame["items"][0]
        if frame["type"] == "done":
            return socket, item


async def told(socket, price: float) -> float:
    while True:
        frame = json.loads(await socket.recv())
        if frame["type"] == "correction" and frame["field"] == "price" and abs(frame["now"] - price) < 0.001:
            return time.perf_counter()


def patch(base: str, key: str, product: str, price: str) -> None:
    request = urllib.request.Request(f"{base}/v1/catalog/{product}", method="PATCH", data=json.dumps({"price": price}).encode())
    request.add_header("Authorization", f"Bearer {key}")
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request).read()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--key", required=True)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--need", default="a rain jacket that packs small, under 80")
    asked = parser.parse_args()
    chats = []
    for _ in range(0, asked.chats, 20):
        chats += await asyncio.gather(*(open_chat(asked.url, asked.need) for _ in range(20)))
    chats = chats[: asked.chats]
    item = chats[0][1]
    base = asked.url.replace("ws://", "http://").removesuffix("/v1/chat")
    took = []
    for n in range(asked.rounds):
        price = item["price"] + (0.01 if n % 2 == 0 else 0)
        begun = time.perf_counter()
        waiting = asyncio.gather(*(told(socket, price) for socket, _ in chats))
        await asyncio.to_thread(patch, base, asked.key, item["id"], f"{price:.2f} {item['currency']}")
        took += [1000 * (at - begun) for at in await waiting]
    took.sort()
    at = lambda share: round(took[min(len(took) - 1, int(share * len(took)))], 1)
    print(json.dumps({"chats": len(chats), "rounds": asked.rounds, "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": round(took[-1], 1)}))


asyncio.run(main())
