"""A running server in; how long its replies take with the language model's advice, and how long without it, out.

usage: advice.py ws://127.0.0.1:8080/v1/chat [--messages FILE] [--says N] [--json]

Says one message at a time, each in a session of its own, and reads the times from the `done` frames: `first_model_text` is
the first checked sentence of the model, `first_text` the first sentence of fact, which waits for no model.
"""

import argparse
import asyncio
import json
import statistics
import uuid

import websockets

MESSAGES = [
    "想给爸爸买一双防滑的登山鞋，500以内",
    "a rain jacket that packs small, under 80",
    "wireless headphones for the gym",
    "想买一个适合学生的笔记本电脑",
    "a laser printer for a small office",
    "送女朋友的生日礼物，200左右",
]
LONGEST_REPLY_S = 120


def main():
    options = read_options()
    messages = MESSAGES
    if options.messages:
        with open(options.messages, encoding="utf-8") as lines:
            messages = [line.strip() for line in lines if line.strip()]
    replies = [asyncio.run(say(options.url, messages[n % len(messages)])) for n in range(options.says)]
    report(options, replies)


async def say(url, text):
    """One message in a new session → the `timing_ms` of its reply."""
    locale = "zh-CN" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en-US"
    async with websockets.connect(url, compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": 1, "locale": locale, "channel": "cli"}))
        await socket.send(json.dumps({"type": "say", "id": str(uuid.uuid4()), "text": text}))
        return await asyncio.wait_for(until_done(socket), LONGEST_REPLY_S)


async def until_done(socket):
    while True:
        frame = json.loads(await socket.recv())
        if frame["type"] == "error":
            raise SystemExit(f"advice.py: the server answered {frame['code']}: {frame['message']}")
        if frame["type"] == "done":
            return frame["timing_ms"]


def report(options, replies):
    advised = [r["first_model_text"] for r in replies if r.get("first_model_text")]
    figures = {
        "says": len(replies),
        "advised": len(advised),
        "first_text_ms": statistics.median(r["first_text"] for r in replies),
        "first_model_text_ms": statistics.median(advised) if advised else None,
        "worst_first_model_text_ms": max(advised) if advised else None,
        "total_ms": statistics.median(r["total"] for r in replies),
    }
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{figures['says']} messages, {figures['advised']} with advice of the model")
    print(f"first sentence of fact      {figures['first_text_ms']:8.0f} ms (median)")
    if advised:
        print(f"first sentence of the model {figures['first_model_text_ms']:8.0f} ms (median), {figures['worst_first_model_text_ms']:.0f} at worst")
    print(f"whole reply                 {figures['total_ms']:8.0f} ms (median)")


def read_options():
    parser = argparse.ArgumentParser(description="times of replies with and without the language model's advice")
    parser.add_argument("url", nargs="?", default="ws://127.0.0.1:8080/v1/chat")
    parser.add_argument("--messages", help="file of messages, one a line")
    parser.add_argument("--says", type=int, default=6)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    main()
