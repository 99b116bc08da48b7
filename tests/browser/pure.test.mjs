// In:  frames as the server sends them. Out: what the widget makes of them, without a browser: node --test tests/browser

import assert from "node:assert/strict";
import test from "node:test";
import { gap, pieces } from "../../web/widget/prose.js";
import { EMPTY, isReplaying, isWriting, reduce } from "../../web/widget/store.js";
import { standing } from "../../web/widget/reply-parts.js";
import { openResampler } from "../../web/widget/resample.js";
import { listHref, routeOf } from "../../web/shop/route.js";

const after = (...frames) => frames.reduce(reduce, EMPTY);
const outline = (state) => state.entries.map((entry) => (entry.kind === "message" ? `${entry.author}:${entry.text}:${entry.status}` : `${entry.kind}:${entry.turn ?? entry.state}`));

const said = (seq, id, turn, text) => ({ type: "message", seq, id, turn, author: "shopper", text });
const sentence = (seq, turn, index, text, claims = []) => ({ type: "text", seq, turn, index, text, claims });

test("an echo settles the message in place and is not doubled by a replay", () => {
  const live = after({ type: "local_say", id: "a", text: "boots" }, said(1, "a", "t1", "boots"), sentence(2, "t1", 0, "Here."));
  assert.deepEqual(outline(live), ["shopper:boots:sent", "reply:t1"]);
  assert.equal(reduce(live, said(1, "a", "t1", "boots")), live);
});

test("what is still on its way stays below what is replayed", () => {
  const state = after({ type: "local_say", id: "b", text: "later" }, said(1, "a", "t1", "first"), sentence(2, "t1", 0, "Yes."));
  assert.deepEqual(outline(state), ["shopper:first:sent", "reply:t1", "shopper:later:sending"]);
});

test("replies stand under their own message even when two turns interleave", () => {
  const state = after(said(1, "a", "t1", "one"), said(2, "b", "t2", "two"), sentence(3, "t2", 0, "2"), sentence(4, "t1", 0, "1"));
  assert.deepEqual(outline(state), ["shopper:one:sent", "reply:t1", "shopper:two:sent", "reply:t2"]);
});

test("sentences are ordered by index and a repeated index replaces", () => {
  const state = after(sentence(1, "t", 1, "B"), sentence(2, "t", 0, "A"), sentence(3, "t", 1, "C"));
  assert.deepEqual(state.entries[0].parts[0].sentences.map((one) => one.text), ["A", "C"]);
});

test("a transcript names the recording, with or without an echo", () => {
  const heard = { type: "transcript", turn: "t1", text: "防滑的鞋", lang: "zh" };
  const live = after({ type: "local_say", id: "v", text: "", voice: true }, said(1, "v", "t1", ""), { ...heard, seq: 2 });
  assert.deepEqual(outline(live), ["shopper:防滑的鞋:sent"]);
  const replayed = after({ ...heard, seq: 1 }, said(2, "v", "t1", "防滑的鞋"));
  assert.deepEqual(outline(replayed), ["shopper:防滑的鞋:sent"]);
  assert.ok(live.entries[0].voice && replayed.entries[0].voice);
});

test("a correction reaches the card and the claim", () => {
  const claim = { text: "S$99.00", product: "p", field: "price", value: 99, revision: 1 };
  const state = after(
    { type: "products", seq: 1, turn: "t", items: [{ id: "p", price: 99 }] },
    sentence(2, "t", 0, "It is S$99.00.", [claim]),
    { type: "correction", seq: 3, turn: "t", product: "p", field: "price", was: 99, now: 105 },
  );
  const [cards, text] = state.entries[0].parts;
  assert.equal(cards.items[0].price, 105);
  assert.equal(text.sentences[0].claims[0].now, 105);
});

test("an outcome settles its proposal", () => {
  const state = after({ type: "proposal", seq: 1, turn: "t", proposal: "p1", action: "return" }, { type: "outcome", seq: 2, turn: "t", proposal: "p1", status: "done" });
  assert.equal(state.entries[0].parts[0].settled, "done");
});

const proposed = (seq, turn, proposal, expires_ms) => ({ type: "proposal", seq, turn, proposal, action: "return", expires_ms });
const outcome = (seq, turn, proposal, status, more) => ({ type: "outcome", seq, turn, proposal, status, ...more });
/** The proposals on the page → how each stands. */
const standings = (state, now = 0) => state.entries.flatMap((entry) => (entry.parts ?? []).filter((one) => one.kind === "proposal").map((one) => standing(one, entry.chosen, now)));

test("an outcome settles its proposal, in whichever reply that stands", () => {
  const frames = [said(1, "a", "t1", "return it"), proposed(2, "t1", "p1"), said(3, "b", "t2", "Yes, do it"), outcome(4, "t2", "p1", "done", { reference: "R1" })];
  const state = after(...frames);
  assert.deepEqual(standings(state), ["done"]);
  assert.equal(state.entries[1].parts[0].reference, "R1");
  assert.deepEqual(state.entries[3].parts.map((one) => one.kind), ["outcome"]);
  assert.deepEqual(after({ type: "ready", session: "s", last_seq: 4 }, ...frames).entries, state.entries, "a replay shows the same");
});

test("a pressed button stands until the outcome comes, or until its turn has ended without one", () => {
  const press = { type: "local_chosen", turn: "t1", action: "confirm", proposal: "p1", by: "b" };
  const pressed = after(said(1, "a", "t1", "return it"), proposed(2, "t1", "p1"), { type: "local_say", id: "b", text: "Yes, do it" }, press, said(3, "b", "t2", "Yes, do it"));
  assert.deepEqual(standings(pressed), ["confirm"]);
  assert.deepEqual(outline(pressed), ["shopper:return it:sent", "reply:t1", "shopper:Yes, do it:sent"]);
  assert.deepEqual(standings([outcome(4, "t2", "p1", "refused"), { type: "done", seq: 5, turn: "t2", finish: "answered" }].reduce(reduce, pressed)), ["refused"]);
  assert.deepEqual(standings(reduce(pressed, { type: "done", seq: 4, turn: "t2", finish: "failed" })), ["open"]);
});

test("a newer proposal replaces the open one, and nothing else", () => {
  const state = after(proposed(1, "t1", "p1"), outcome(2, "t1", "p1", "declined"), proposed(3, "t2", "p2"), proposed(4, "t3", "p3"));
  assert.deepEqual(standings(state), ["declined", "replaced", "open"]);
  assert.deepEqual(standings(reduce(state, outcome(5, "t4", "p2", "expired"))), ["declined", "expired", "open"], "its outcome still counts");
});

test("a proposal expires by the clock, but not once it is settled or pressed", () => {
  const state = after(proposed(1, "t1", "p1", 1000));
  assert.deepEqual([standings(state, 999), standings(state, 1000)], [["open"], ["expired"]]);
  assert.deepEqual(standings(reduce(state, outcome(2, "t2", "p1", "done")), 1000), ["done"]);
  assert.deepEqual(standings(reduce(state, { type: "local_chosen", turn: "t1", action: "confirm", proposal: "p1", by: "b" }), 1000), ["confirm"]);
});

test("a reply is being written from its first stage to its end", () => {
  const begun = after(said(1, "a", "t", "x"), { type: "stage", turn: "t", stage: "searching" });
  assert.ok(isWriting(begun));
  assert.ok(!isWriting(reduce(begun, { type: "done", seq: 2, turn: "t", finish: "answered" })));
});

test("a new session drops what the old one said and keeps what was not delivered", () => {
  const state = after(said(1, "a", "t", "old"), { type: "local_say", id: "b", text: "kept" }, { type: "local_reset" }, { type: "ready", session: "s2", last_seq: 4 });
  assert.deepEqual(outline(state), ["shopper:kept:sending"]);
  assert.ok(isReplaying(state));
});

test("sentences join as their languages do", () => {
  assert.equal(gap("好的。", "这双有货。"), "");
  assert.equal(gap("Yes.", "It is in stock."), " ");
  assert.equal(gap("Two things:", "- light"), "\n");
  assert.equal(gap("• light", "Which one is it?"), "\n");
});

test("claims are cut out where they stand", () => {
  const claim = { text: "S$9", field: "price" };
  assert.deepEqual(pieces("Only S$9 today", [claim]), [{ text: "Only " }, { text: "S$9", claim }, { text: " today" }]);
  assert.deepEqual(pieces("Nothing", [claim]), [{ text: "Nothing" }]);
});

test("48 kHz sound becomes 16 kHz, speech kept and what is above 8 kHz gone", () => {
  const tone = (hertz) => {
    const resample = openResampler(48_000);
    const all = [];
    for (let block = 0; block < 24; block += 1) all.push(...resample(Float32Array.from({ length: 2048 }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * (block * 2048 + at)) / 48_000))));
    const steady = all.slice(200);
    return { length: all.length, power: Math.sqrt(steady.reduce((sum, x) => sum + x * x, 0) / steady.length) / 32767 };
  };
  const expected = (24 * 2048) / 3;
  assert.ok(Math.abs(tone(1000).length - expected) < 40, `${tone(1000).length} samples`);
  assert.ok(Math.abs(tone(1000).power - 0.5 / Math.SQRT2) < 0.01);
  assert.ok(tone(11_000).power < 0.01);
});

test("an address says the same both ways", () => {
  const filters = { q: "雨 衣", brand: "Tern & Tide", in_stock: "1" };
  assert.deepEqual(routeOf(listHref(filters)).filters, filters);
  assert.deepEqual(routeOf("#/p/HK-101").id, "HK-101");
});
