#!/usr/bin/env python3
"""kill -9 at random instants while shoppers cancel, return, exchange and change orders; what the store then says. JSON last.

crash.py path/to/daogou [--kills 200] [--chats 8] [--seed 1] [--keep DIR]

Many copies of the demo shop's customers and orders are imported into a fresh directory. Shoppers go through the real socket, say who
they are and what they want, answer what they are asked, and say yes, or now and then no; some talk twice about the same order at
once. The server is killed again and again; each shopper comes back, says again what was not acknowledged, and goes on. After each
kill, before the next start, and at the end it is checked that
- `daogou orders audit` finds that the ledger adds up;
- every order is in a state an order may be in, and is either as it was imported or wholly what one deed makes of it, to the cent;
- what a deed has made of it once does not change again (nothing is done twice);
and at the end that
- the frames of each session have no gap, and those that were seen before a kill are what is replayed after it;
- each proposal that was confirmed has one outcome, an order has changed exactly if one outcome says so, and as the deed says;
- the shop's own system (a receiver in here that answers 500 now and then) was told of every deed, signed, and of nothing else.
Exits with 1 and the findings if any of that is not so, or if too little was done for it to mean anything.
Needs: websockets (PyPI)."""

import argparse
import asyncio
import base64
import collections
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import websockets

DEMO = pathlib.Path(__file__).resolve().parent.parent / "assets" / "demo"
MODELS_OFF = ["--model", "none", "--encoder", "none", "--speech", "none", "--image-model", "none"]
SECRET = base64.b64encode(b"a secret of thirty-two bytes, ok").decode()
LONGEST_TALK = 10  # messages
PATIENCE = 60  # seconds for a reply or a start


# ---------------------------------------------------------------- the world

def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def world(copies):
    """The demo's customers and orders, each several times under names of its own."""
    customers, orders = {}, {}
    for n in range(copies):
        old = lambda order: "#M" + str(100_000 * (n + 1) + int(order.removeprefix("#M")))
        method = lambda text: re.sub(r"^(credit_card|gift_card|paypal|wechat|alipay)_", rf"\g<1>_{n}x", text)
        for customer in lines(DEMO / "customers.jsonl"):
            customer["id"] += f"_c{n}"
            customer["email"] = f"c{n}." + customer["email"]
            customer["orders"] = [old(o) for o in customer["orders"]]
            for m in customer["payment_methods"]:
                m["id"] = method(m["id"])
            customers[customer["id"]] = customer
        for order in lines(DEMO / "orders.jsonl"):
            order["id"], order["customer"] = old(order["id"]), order["customer"] + f"_c{n}"
            for payment in order["payments"]:
                payment["method"] = method(payment["method"])
            orders[order["id"]] = order
    return customers, orders


def variants():
    """Each product's variants that can be had, by group: id, colour, size."""
    groups = collections.defaultdict(list)
    for feed in sorted((DEMO / "catalog").glob("*.jsonl")):
        for product in lines(feed):
            for v in product.get("variants", []):
                whole = {**{k: x for k, x in product.items() if k != "variants"}, **v}
                if whole.get("quantity", 1) and whole.get("availability", "in_stock") == "in_stock":
                    groups[product["id"]].append({k: whole.get(k, "") for k in ("id", "color", "size")})
    return groups


# ---------------------------------------------------------------- what shoppers want

class Wish:
    """One order, one deed, and how the shopper puts it in either language."""

    def __init__(self, kind, order, customer, chance, groups):
        self.kind, self.order, self.id = kind, order, order["id"]
        self.zh, self.says_no = chance.random() < 0.4, chance.random() < 0.1
        self.method = order["payments"][0]["method"]
        self.email, self.item = customer["email"], chance.choice(order["items"])
        self.into = None
        if kind in ("exchange", "modify_items"):
            self.into = self.another(groups.get(self.item["item_group_id"], []), chance)
        pay = self.method.split("_")[0]
        self.pay = {"credit": "my credit card", "gift": "my gift card"}.get(pay, pay)
        self.pay_zh = {"credit": "信用卡", "gift": "礼品卡", "wechat": "微信", "alipay": "支付宝"}.get(pay, pay)
        self.street = f"{chance.randrange(1, 900)} Harbour Row"

    def another(self, there, chance):
        """A variant that differs in colour or in size, not in both: one word tells it."""
        options = self.item.get("options", {})
        near = []
        for v in there:
            differ = [name for name in ("color", "size") if name in options and v[name] != options[name]]
            if v["id"] != self.item["id"] and len(differ) == 1:
                near.append((v[differ[0]], v["id"]))
        return chance.choice(near) if near else None

    def possible(self):
        return self.kind not in ("exchange", "modify_items") or self.into is not None

    def request(self):
        order, title = self.id, self.item["title"]
        value = self.into[0] if self.into else ""
        if self.zh:
            return {
                "cancel": f"我要取消订单 {order}，不需要了",
                "return": f"我想退货，订单 {order} 里的 {title}，就退这一件，退款原路退回",
                "exchange": f"我想换货，订单 {order} 里的 {title}，换成 {value} 的，差价用{self.pay_zh}",
                "modify_items": f"订单 {order} 里的 {title} 我想改成 {value} 的，差价用{self.pay_zh}",
                "modify_address": f"订单 {order} 的收货地址请改成：{self.street}, Singapore, Singapore, 460001",
            }[self.kind]
        return {
            "cancel": f"I want to cancel order {order}, I no longer need it.",
            "return": f"I want to return the {title} from order {order}, just that one item. Refund it to the original payment method.",
            "exchange": f"I want to exchange the {title} in order {order} for the {value} one. Use {self.pay} for any difference.",
            "modify_items": f"In order {order}, please change the {title} to the {value} one. Use {self.pay} for any difference.",
            "modify_address": f"Please change the delivery address of order {order} to {self.street}, Singapore, Singapore, 460001.",
        }[self.kind]

    def who(self):
        return f"我的邮箱是 {self.email}" if self.zh else f"My e-mail is {self.email}"

    def answer(self, asked, times):
        """To what the reply asked; the whole wish again when that is not clear."""
        has = lambda *words: any(w in asked for w in words)
        if has("e-mail", "email", "邮箱", "zip", "邮编"):
            return self.who()
        if has("reason", "原因", "why "):
            return "不需要了" if self.zh else "no longer needed"
        if has("all the items", "everything you want", "anything else", "all you want", "全部", "还有其他", "还有别的", "就这些") and times < 6:
            return "就这些" if self.zh else "yes, that is all"
        if has("method", "refund go", "money back", "pay ", "payment", "gift card", "支付", "付款", "退到", "退款"):
            return self.pay_zh if self.zh else (self.pay if self.kind != "return" else "the original payment method")
        if has("street", "city", "address", "地址", "城市"):
            return f"{self.street}, Singapore, Singapore, 460001"
        return self.request()


def wishes(customers, orders, chance):
    groups, all_of_them = variants(), []
    for order in orders.values():
        kinds = {"pending": ["cancel", "cancel", "modify_items", "modify_address"], "delivered": ["return", "exchange"]}
        for kind in chance.sample(kinds.get(order["status"], []), k=len(kinds.get(order["status"], []))):
            wish = Wish(kind, order, customers[order["customer"]], chance, groups)
            if wish.possible():
                all_of_them.append(wish)
                break
    chance.shuffle(all_of_them)
    return all_of_them


# ---------------------------------------------------------------- the server, and the shop's own system

class Server:
    def __init__(self, daogou, data, receiver):
        self.daogou, self.data, self.process = daogou, data, None
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{s.getsockname()[1]}"
        self.environment = {**os.environ, "DAOGOU_WEBHOOK_URL": receiver, "DAOGOU_WEBHOOK_SECRET": "whsec_" + SECRET, "DAOGOU_LOG": "error"}
        self.log = open(data / "server.log", "ab")

    def run(self, *arguments):
        return subprocess.run([self.daogou, *arguments, "--data", str(self.data / "shop")], capture_output=True, text=True)

    def start(self):
        command = [self.daogou, "serve", "--data", str(self.data / "shop"), "--listen", self.address, *MODELS_OFF]
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)

    async def ready(self):
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            if self.process.poll() is not None:
                raise SystemExit(f"crash.py: the server ended with {self.process.returncode}; see {self.log.name}")
            if "ready" in await asyncio.to_thread(self.get, "/readyz"):
                return
            await asyncio.sleep(0.02)
        raise SystemExit("crash.py: the server did not become ready")

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)


class Receiver:
    """The shop's own system: takes webhooks, checks them, and fails every tenth."""

    def __init__(self, chance):
        self.bodies, self.findings, self.posts = {}, [], 0
        receiver = self

        class Door(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                receiver.posts += 1
                status = 500 if chance.random() < 0.1 else 204
                receiver.look(self.headers, body, status)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/daogou"

    def look(self, headers, body, status):
        webhook = headers["webhook-id"]
        signed = f"{webhook}.{headers['webhook-timestamp']}.{body}".encode()
        right = base64.b64encode(hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()).decode()
        if f"v1,{right}" not in headers["webhook-signature"].split():
            self.findings.append(f"webhook {webhook} is not signed")
        if self.bodies.get(webhook, (body, 0))[0] != body:
            self.findings.append(f"webhook {webhook} has two bodies")
        taken = max(status == 204, self.bodies.get(webhook, (body, False))[1])
        self.bodies[webhook] = (body, taken)


# ---------------------------------------------------------------- a shopper

class Shopper:
    """One session that survives the server: what was seen, what was said, and what of it was acknowledged."""

    def __init__(self, wish, server, chance):
        self.wish, self.server, self.chance = wish, server, chance
        self.session, self.frames, self.socket, self.said = None, {}, None, 0
        self.resumed, self.confirmed = 0, None

    async def connect(self):
        while True:
            try:
                self.socket = await websockets.connect(f"ws://{self.server.address}/v1/chat", max_queue=None, open_timeout=5)
                hello = {"type": "hello", "protocol": 1, "channel": "cli", "locale": "zh-CN" if self.wish.zh else "en-US"}
                if self.session:
                    hello |= {"session": self.session, "resume_after": max(self.frames, default=0)}
                await self.socket.send(json.dumps(hello))
                ready = await self.next()
                if self.session and not ready["resumed"]:
                    # The socket was opened but the session was never stored before the kill; nothing had been said in it.
                    assert not self.frames, f"session {self.session} is lost with {len(self.frames)} frames"
                self.resumed += self.session is not None
                self.session = ready["session"]
                return
            except (OSError, websockets.WebSocketException, asyncio.TimeoutError):
                await asyncio.sleep(0.05)

    async def next(self):
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
        if "seq" in frame:
            self.frames[frame["seq"]] = frame
        return frame

    def turn(self, message):
        """The frames of the reply to a message of ours, by its turn; none before it was acknowledged."""
        turns = [f["turn"] for f in self.frames.values() if f["type"] == "message" and f["id"] == message]
        return [f for _, f in sorted(self.frames.items()) if turns and f.get("turn") == turns[0]]

    async def say(self, frame):
        """Says it, again after every cut, until its reply is done."""
        self.said += 1
        frame["id"] = f"m{self.said}"
        while True:
            try:
                if not self.turn(frame["id"]):
                    await self.socket.send(json.dumps(frame))
                while not any(f["type"] == "done" for f in self.turn(frame["id"])):
                    got = await self.next()
                    if got["type"] == "error" and got["code"] in ("busy", "internal", "too_many"):
                        await asyncio.sleep(got.get("retry_ms", 200) / 1000)
                        await self.socket.send(json.dumps(frame))
                    elif got["type"] == "error":
                        raise RuntimeError(f"{got} to {frame}")
                return self.turn(frame["id"])
            except (OSError, websockets.WebSocketException, asyncio.TimeoutError) as cut:
                if isinstance(cut, asyncio.TimeoutError):
                    raise RuntimeError(f"no reply to {frame} within {PATIENCE} s") from cut
                await self.connect()

    async def talk(self):
        """Until there is an outcome, or it leads nowhere."""
        await self.connect()
        wish = self.wish
        order = [wish.who(), wish.request()] if self.chance.random() < 0.5 else [wish.who() + ("。" if wish.zh else ". ") + wish.request()]
        text = order.pop(0)
        for _ in range(LONGEST_TALK):
            await asyncio.sleep(self.chance.random() * 0.3)
            reply = await self.say({"type": "say", "text": text})
            proposals = [f for f in reply if f["type"] == "proposal"]
            if proposals:
                reply = await self.settle(proposals[-1])
            if any(f["type"] == "outcome" for f in reply):
                break
            if order:
                text = order.pop(0)
            else:
                asked = " ".join(f["text"] for f in reply if f["type"] == "text").lower()
                text = wish.answer(asked, self.said)
        await self.socket.close()

    async def settle(self, proposal):
        await asyncio.sleep(self.chance.random() * 0.3)
        if self.wish.says_no:
            return await self.say({"type": "choose", "turn": proposal["turn"], "action": "decline", "value": proposal["proposal"]})
        if self.chance.random() < 0.5:
            return await self.say({"type": "say", "text": "好的，确认" if self.wish.zh else "yes, please do it"})
        self.confirmed = proposal["proposal"]
        return await self.say({"type": "choose", "turn": proposal["turn"], "action": "confirm", "value": proposal["proposal"]})

    async def replay(self):
        """The whole session from the server, as another socket gets it."""
        seen, self.frames = self.frames, {}
        await self.connect()
        await self.socket.send(json.dumps({"type": "ping"}))
        while (await self.next())["type"] != "pong":
            pass
        await self.socket.close()
        return seen, self.frames


# ---------------------------------------------------------------- what must be so

def cents(amount):
    number, currency = amount.split()
    whole, _, part = number.partition(".")
    return int(whole) * 100 + int((part + "00")[:2]), currency


def paid(payments):
    total = 0
    for p in payments:
        total += cents(p["amount"])[0] * (1 if p["kind"] == "payment" else -1)
        if total < 0:
            return None
    return total


def worth(order):
    return sum(cents(i["price"])[0] for i in order["items"])


def deed_of(was, now):
    """None: as it was; else the one deed that makes `now` of `was`, or a complaint as a ValueError."""
    core = lambda o, *without: {k: v for k, v in o.items() if k not in ("deeds", "revision", "placed_ms", "delivered_ms", *without) and v not in ([], None)}
    if core(was) == core(now):
        return None
    if now["payments"][: len(was["payments"])] != was["payments"]:
        raise ValueError("its history was rewritten")
    fresh, left = now["payments"][len(was["payments"]):], paid(now["payments"])
    status = now["status"]
    if left is None or left != (0 if status == "cancelled" else worth(now)):
        raise ValueError(f"{left} is paid for what is worth {worth(now)} and is {status}")
    same = lambda *without: core(was, *without) == core(now, *without)
    if status == "cancelled" and was["status"] == "pending":
        right = same("status", "cancel_reason", "payments") and now.get("cancel_reason") and all(p["kind"] == "refund" for p in fresh)
        deed, right = "cancel", right and sum(cents(p["amount"])[0] for p in fresh) == paid(was["payments"])
    elif status == "return requested" and was["status"] == "delivered":
        right = same("status", "return_items", "payment_method") and now.get("return_items") and now.get("payment_method") and not fresh
        deed = "return"
    elif status == "exchange requested" and was["status"] == "delivered":
        right = same("status", "exchange_items", "exchange_new_items", "price_difference", "payment_method") and not fresh
        right = right and len(now.get("exchange_items", [])) == len(now.get("exchange_new_items", [])) > 0
        deed, right = "exchange", right and "price_difference" in now and "payment_method" in now
    elif status == "pending (items modified)" and was["status"] == "pending":
        right = same("status", "items", "payments") and len(was["items"]) == len(now["items"]) and was["items"] != now["items"]
        # The difference is written also when it is nothing.
        deed, right = "modify_items", right and len(fresh) == 1
    elif status == "pending" and was["address"] != now["address"]:
        deed, right = "modify_address", same("address") and not fresh
    else:
        raise ValueError(f"{was['status']} became {status}")
    if not right:
        raise ValueError(f"half a {deed}: {json.dumps(now, ensure_ascii=False)}")
    return deed


class Judge:
    def __init__(self, server, orders):
        self.server, self.orders, self.done, self.findings = server, orders, {}, []

    def find(self, what):
        if len(self.findings) < 50:
            self.findings.append(what)
            print(f"FOUND: {what}", file=sys.stderr)

    def look(self):
        """The store, with nobody at work on it."""
        audit = self.server.run("orders", "audit")
        if audit.returncode != 0:
            self.find(f"daogou orders audit: {(audit.stderr or audit.stdout).strip()[-300:]}")
        export = self.server.run("orders", "export", "--json")
        if export.returncode != 0:
            return self.find(f"daogou orders export: {export.stderr.strip()[-300:]}")
        now = {o["id"]: o for o in map(json.loads, export.stdout.splitlines())}
        if now.keys() != self.orders.keys():
            self.find(f"{len(now)} orders are exported, {len(self.orders)} were imported")
        for order in now.values():
            try:
                deed = deed_of(self.orders[order["id"]], order)
            except ValueError as complaint:
                self.find(f"{order['id']}: {complaint}")
                continue
            before = self.done.get(order["id"])
            # An address may be changed again; nothing else that was done may become anything else.
            if before and before[1] != order and before[0] != "modify_address":
                self.find(f"{order['id']} was {before[0]} and has changed again")
            if deed:
                self.done[order["id"]] = (deed, order)

    def frames(self, shopper, seen, all_of_it):
        if sorted(all_of_it) != list(range(1, len(all_of_it) + 1)):
            self.find(f"session {shopper.session} has gaps")
        for seq, frame in seen.items():
            if all_of_it.get(seq) != frame:
                self.find(f"session {shopper.session}: frame {seq} was {frame} and is {all_of_it.get(seq)}")
        outcomes = collections.Counter(f["proposal"] for f in all_of_it.values() if f["type"] == "outcome")
        if any(n > 1 for n in outcomes.values()):
            self.find(f"session {shopper.session}: {outcomes.most_common(1)} outcomes of one proposal")
        if shopper.confirmed and shopper.confirmed not in outcomes:
            self.find(f"session {shopper.session}: the proposal {shopper.confirmed} was confirmed and has no outcome")
        return [f for f in all_of_it.values() if f["type"] == "outcome"], [f for f in all_of_it.values() if f["type"] == "proposal"]

    def told(self, receiver):
        for finding in receiver.findings:
            self.find(finding)
        about = collections.Counter()
        for webhook, (body, taken) in receiver.bodies.items():
            if not taken:
                self.find(f"webhook {webhook} was never taken")
            about[json.loads(body)["data"]["order"]["id"]] += 1
        for order, (deed, _) in self.done.items():
            if about[order] != 1 and deed != "modify_address":
                self.find(f"{order}: {deed}, and {about[order]} webhooks tell of it")
        for order in about.keys() - self.done.keys():
            self.find(f"a webhook tells of {order}, to which nothing was done")


# ---------------------------------------------------------------- the run

async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("daogou", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--chats", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="work here, and leave everything for who wants to look")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        data = asked.keep or pathlib.Path(passing)
        data.mkdir(parents=True, exist_ok=True)
        return await run(asked, data)


async def run(asked, data):
    chance = random.Random(asked.seed)
    customers, orders = world(copies=2 + asked.kills * asked.chats // 20)
    for name, records in (("customers", customers), ("orders", orders)):
        (data / f"{name}.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records.values()))
    receiver = Receiver(random.Random(asked.seed + 1))
    server = Server(asked.daogou.resolve(), data, receiver.url)
    for arguments in (
        ["import", *map(str, sorted((DEMO / "catalog").glob("*.jsonl")))],
        ["import", "--kind", "customers", str(data / "customers.jsonl")],
        ["import", "--kind", "orders", str(data / "orders.jsonl")],
    ):
        imported = server.run(*arguments)
        if imported.returncode != 0:
            raise SystemExit(f"crash.py: daogou {' '.join(arguments[:3])}: {imported.stderr}")
    judge = Judge(server, orders)
    judge.look()
    waiting = wishes(customers, orders, chance)
    shoppers, broken, over = [], [], asyncio.Event()

    async def keep_shopping(n):
        own = random.Random(asked.seed * 1000 + n)
        while waiting and not over.is_set():
            wish = waiting.pop()
            # One in ten talks about it from two places at once.
            pair = [Shopper(wish, server, own) for _ in range(2 if own.random() < 0.1 else 1)]
            shoppers.extend(pair)
            for ended in await asyncio.gather(*(s.talk() for s in pair), return_exceptions=True):
                if isinstance(ended, BaseException):
                    broken.append(f"{wish.kind} of {wish.id}: {ended!r}")

    server.start()
    await server.ready()
    shopping = [asyncio.create_task(keep_shopping(n)) for n in range(asked.chats)]
    kills, begun = 0, time.monotonic()
    try:
        while kills < asked.kills and not all(t.done() for t in shopping):
            await asyncio.sleep(chance.uniform(0.02, 1.5))
            server.kill()
            kills += 1
            await asyncio.to_thread(judge.look)
            server.start()
            await server.ready()
            if kills % 20 == 0:
                print(f"… {kills} kills, {len(judge.done)} deeds, {len(judge.findings)} findings", file=sys.stderr)
        over.set()
        await asyncio.gather(*shopping)
        statuses, proposed, sessions = collections.Counter(), 0, collections.defaultdict(list)
        for shopper in shoppers:
            outcomes, proposals = judge.frames(shopper, *await shopper.replay())
            statuses.update(o["status"] for o in outcomes)
            proposed += len(proposals)
            sessions[shopper.wish.id] += [(p["action"], o["status"]) for o in outcomes for p in proposals if p["proposal"] == o["proposal"]]
        # What the shop's own system has not taken yet is tried again after pauses of seconds, and after a claim of a dead server.
        for _ in range(240):
            if re.search(r"^daogou_webhooks_waiting 0$", server.get("/metrics"), re.M):
                break
            await asyncio.sleep(0.5)
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()
    judge.look()
    for order, outcomes in sessions.items():
        done = [action for action, status in outcomes if status == "done"]
        is_done = judge.done.get(order, (None,))[0]
        if done[:1] != ([is_done] if is_done else []) or len(done) > (1 if is_done != "modify_address" else 2):
            judge.find(f"{order}: the shopper was told of {outcomes}, the store says {is_done}")
    for order in judge.done.keys() - sessions.keys():
        judge.find(f"{order} has changed and nobody asked for it")
    judge.told(receiver)
    for finding in broken:
        judge.find(finding)
    if statuses["done"] < kills:
        judge.find(f"only {statuses['done']} deeds were done under {kills} kills: this says little")
    report = {
        "kills": kills, "sessions": len(shoppers), "resumed": sum(s.resumed for s in shoppers), "proposals": proposed,
        "outcomes": dict(statuses), "deeds": dict(collections.Counter(d for d, _ in judge.done.values())),
        "webhooks": len(receiver.bodies), "posts": receiver.posts, "seconds": round(time.monotonic() - begun, 1),
        "findings": len(judge.findings), "first": judge.findings[:5],
    }
    print(json.dumps(report, ensure_ascii=False))
    return 1 if judge.findings else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
