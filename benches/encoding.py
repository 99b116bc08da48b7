"""A server that has begun to encode a new catalogue in; how many texts a second it encodes in the background, out. One JSON object.

usage: encoding.py http://127.0.0.1:8080

What is counted is `daogou_texts_waiting` of /metrics, from the first moment that it is above nothing until it is nothing again.
Start it together with the server, and leave the server idle. Needs nothing from PyPI.
"""

import argparse
import json
import sys
import time
import urllib.request

BEGINS_WITHIN_S, ENDS_WITHIN_S = 120, 3_600


def main():
    parser = argparse.ArgumentParser(description="texts a second that a server encodes in the background")
    parser.add_argument("url")
    url = parser.parse_args().url
    began_with, began = until(url, lambda waiting: waiting > 0, BEGINS_WITHIN_S, "no text waits for its vector (is there a text encoder?)")
    _, ended = until(url, lambda waiting: waiting == 0, ENDS_WITHIN_S, "texts still wait for their vectors")
    print(json.dumps({"texts": began_with, "seconds": round(ended - began, 2), "per_second": round(began_with / (ended - began), 1)}))


def until(url, holds, patience, otherwise):
    """How many wait, and when."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        count, now = waiting(url), time.monotonic()
        if holds(count):
            return count, now
        time.sleep(0.1)
    sys.exit(f"encoding.py: {otherwise}")


def waiting(url):
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("daogou_texts_waiting ")), 0)


if __name__ == "__main__":
    main()
