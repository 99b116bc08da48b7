#!/usr/bin/env python3
"""Questions about the shop's service in; how many a chat answers with the clause that answers them out.

usage: services.py ws://127.0.0.1:8080/v1/chat [--out FILE] [--json]

Each is asked of the demo shop in a fresh chat. `tests/golden/policies.jsonl` holds questions as its rules' own test asks them, without a
chat around; its `held` ones were written after that ranking. `service-questions.jsonl` holds what two people asked in passing while they
shopped: {"lang", "said": messages before it, "text", "clause": any of these is right}. Where the rules do not say, no clause but how to
reach the shop is right. What is done for nobody in particular only after a sign-in ("cancel my order") counts as not answered.
--out keeps every reply, a line each. Needs: websockets (PyPI)."""

import argparse
import asyncio
import json
import uuid
from pathlib import Path

import websockets

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests/golden/policies.jsonl"
LOCALES = {"en": "en-US", "zh": "zh-CN"}


async def main():
    parser = argparse.ArgumentParser(description="questions about the shop's service, asked in chats")
    parser.add_argument("address")
    parser.add_argument("--out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    golden = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    spoken = [json.loads(line) for line in HERE.joinpath("service-questions.jsonl").read_text(encoding="utf-8").splitlines()]
    sets = {
        "known": [q for q in golden if not q.get("held")],
        "held": [q for q in golden if q.get("held")],
        "spoken": spoken,
    }
    counts, kept = {}, []
    for name, questions in sets.items():
        for question in questions:
            quoted, text = await ask(options.address, question)
            right = answers(question["clause"], quoted) and (not question.get("and") or answers(question["and"], quoted))
            own = counts.setdefault(f"{name} {question['lang']}", {"right": 0, "asked": 0})
            own["right"] += right
            own["asked"] += 1
            kept.append({"right": right, **question, "quoted": sorted(quoted), "reply": text})
    if options.out:
        Path(options.out).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
    if options.json:
        print(json.dumps(counts))
        return
    for name, own in counts.items():
        print(f"{name}: {own['right']} of {own['asked']} answered with the right clause")


def answers(clauses, quoted):
    if "" in clauses and all(clause.startswith("contact/") for clause in quoted):
        return True
    return any(clause in quoted for clause in clauses)


async def ask(address, question):
    """The clauses that the reply to the last message quotes, and its words."""
    quoted, text = set(), []
    async with websockets.connect(address) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": 1, "locale": LOCALES[question["lang"]]}))
        for message in [*question.get("said", []), question["text"]]:
            quoted, text = set(), []
            await socket.send(json.dumps({"type": "say", "id": str(uuid.uuid4()), "text": message}))
            while True:
                frame = json.loads(await asyncio.wait_for(socket.recv(), 60))
                if frame["type"] == "text":
                    text.append(frame["text"])
                    quoted.update(claim["policy"] for claim in frame.get("claims", []) if claim.get("policy"))
                elif frame["type"] == "done":
                    break
    return quoted, " ".join(text)


asyncio.run(main())
