"""Shoppers' photos in; how long a photo search takes from the request to the answer over HTTP, out. One JSON object.

usage: photos.py http://127.0.0.1:8080 ../shared/data/grocery [--most N]

The shop must be served; it is waited for until its texts are encoded, its pictures looked at and learned from. The directory holds photos.tar and
photos.jsonl, which says which product each shows. Each photo is sent once, one at a time, to `POST /v1/search` (multipart, field
`image`) over one connection; the first few are not counted. "first" is the share whose product comes first. Needs nothing from PyPI.
"""

import argparse
import http.client
import json
import random
import sys
import tarfile
import time
import urllib.parse
from pathlib import Path

UNCOUNTED, LIMIT, PATIENCE_S = 5, 5, 900
BOUNDARY = "daogou-photo"


def main():
    options = read_options()
    photos = read_photos(options.folder)[: options.most]
    shop = http.client.HTTPConnection(urllib.parse.urlsplit(options.url).netloc, timeout=60)
    pictures = wait_for_pictures(shop)
    times, first = [], []
    for photo, product in photos:
        begun = time.perf_counter()
        hits = search(shop, photo)
        times.append((time.perf_counter() - begun) * 1e3)
        first.append(hits[:1] == [product])
    counted = sorted(times[UNCOUNTED:])
    if not counted:
        sys.exit(f"photos.py: more than {UNCOUNTED} photos are needed")
    at = lambda share: round(counted[min(len(counted) - 1, int(share * len(counted)))], 1)
    found = round(sum(first) / len(first), 3)
    print(json.dumps({"photos": len(counted), "pictures": pictures, "p50_ms": at(0.5), "p95_ms": at(0.95), "max_ms": at(1), "first": found}))


def read_photos(folder):
    """(bytes, id of the product), in an order that has nothing to do with the catalogue's."""
    lines = (folder / "photos.jsonl").read_text(encoding="utf-8").splitlines()
    shown = {line["photo"]: line["id"] for line in map(json.loads, lines)}
    with tarfile.open(folder / "photos.tar") as archive:
        photos = [(archive.extractfile(name).read(), product) for name, product in sorted(shown.items())]
    random.Random(1).shuffle(photos)
    return photos


def wait_for_pictures(shop):
    begun, calm = time.monotonic(), 0
    while calm < 2:
        if time.monotonic() - begun > PATIENCE_S:
            sys.exit("photos.py: the shop's pictures were not looked at in time (is there an image encoder?)")
        time.sleep(0.5)
        figures = metrics(shop)
        waiting = sum(figures.get(f"daogou_{what}_waiting", 0) for what in ("texts", "pictures", "learning_steps"))
        calm = calm + 1 if waiting == 0 and figures["daogou_pictures"] > 0 else 0
    return int(figures["daogou_pictures"])


def metrics(shop):
    lines = ask(shop, "GET", "/metrics").decode().splitlines()
    return {name: float(value) for name, value in (line.split() for line in lines if line and not line.startswith("#"))}


def search(shop, photo):
    """Ids of the hits."""
    part = lambda head, content: f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
    body = part('name="image"; filename="photo.jpg"', photo) + part('name="limit"', str(LIMIT).encode()) + f"--{BOUNDARY}--\r\n".encode()
    answer = ask(shop, "POST", "/v1/search", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    return [hit["id"] for hit in json.loads(answer)["hits"]]


def ask(shop, method, path, body=None, headers={}):
    shop.request(method, path, body, headers)
    answer = shop.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"photos.py: {method} {path}: {answer.status} {text.decode(errors='replace')[:200]}")
    return text


def read_options():
    parser = argparse.ArgumentParser(description="how long a photo search takes over HTTP")
    parser.add_argument("url")
    parser.add_argument("folder", type=Path, help="directory with photos.tar and photos.jsonl")
    parser.add_argument("--most", type=int, help="send no more photos than this")
    return parser.parse_args()


if __name__ == "__main__":
    main()
