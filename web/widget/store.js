// In:  the conversation so far, and one frame from the server or one act of the shopper (types starting "local_").
// Out: the conversation after it. Pure: no clock, no DOM, and the old value is never changed.
//
// Conversation: {session, lastSeq, replayTo, agent, notice, entries}
// Entry:  {kind:"message", key, id, turn?, author, text, uploads, status: sending|sent|failed, voice?}
//         {kind:"reply", key, turn, parts, stage?, done?, chosen?, rating?, idle?}  (parts: see reply-parts.js)
//         {kind:"agent", key, state, name?}

import { REPLY_FRAMES, settled, withFrame } from "./reply-parts.js";

export const EMPTY = Object.freeze({ session: null, lastSeq: 0, replayTo: 0, agent: null, notice: null, entries: Object.freeze([]) });

export function reduce(state, frame) {
  if (frame.seq !== undefined) {
    if (frame.seq <= state.lastSeq) return state;
    state = { ...state, lastSeq: frame.seq };
  }
  if (REPLY_FRAMES.has(frame.type)) return onReply(state, frame);
  return handlers[frame.type]?.(state, frame) ?? state;
}

const handlers = {
  ready: (state, frame) => ({
    ...state,
    session: frame.session,
    replayTo: frame.last_seq ?? 0,
    agent: frame.agent ? (state.agent ?? { state: "joined" }) : state.agent?.state === "joined" ? null : state.agent,
  }),
  message: onMessage,
  partial: onHeard,
  transcript: onHeard,
  agent: onAgent,
  error: (state, frame) => ({ ...state, notice: { code: frame.code, retry_ms: frame.retry_ms } }),

  local_say: (state, { id, text, uploads, voice, turn }) => {
    if (state.entries.some((entry) => entry.id === id)) return state;
    const said = { kind: "message", key: `m:${id}`, id, author: "shopper", text: text ?? "", uploads: uploads ?? [], voice, status: "sending" };
    return { ...state, notice: null, entries: choose([...state.entries, said], turn, { value: text }) };
  },
  local_failed: (state, { id }) => replace(state, (entry) => entry.id === id && entry.status === "sending", (entry) => ({ ...entry, status: "failed" })),
  local_again: (state, { id }) => replace(state, (entry) => entry.id === id && entry.status === "failed", (entry) => ({ ...entry, status: "sending" })),
  local_drop: (state, { id }) => ({ ...state, entries: state.entries.filter((entry) => entry.id !== id) }),
  local_chosen: (state, { turn, action, proposal, by }) => ({ ...state, entries: choose(state.entries, turn, action ? { action, proposal, by } : undefined) }),
  local_rated: (state, { turn, score }) => replace(state, (entry) => isReply(entry, turn), (entry) => ({ ...entry, rating: score })),
  local_idle: (state) => replace(state, writing, (entry) => ({ ...entry, idle: true })),
  local_notice: (state, { code }) => ({ ...state, notice: code ? { code } : null }),
  /** The server does not know our session: what it told us is gone, what we have not delivered stays. */
  local_reset: (state) => ({ ...EMPTY, entries: state.entries.filter(pending) }),
};

export const pending = (entry) => entry.kind === "message" && (entry.status === "sending" || entry.status === "failed");
export const writing = (entry) => entry.kind === "reply" && !entry.done && !entry.idle && (entry.stage || entry.parts.length > 0);
export const isWriting = (state) => state.agent?.state !== "joined" && state.entries.some(writing);
export const isReplaying = (state) => state.lastSeq < state.replayTo;

function onMessage(state, frame) {
  const known = state.entries.find((entry) => entry.id === frame.id || (frame.author === "shopper" && entry.heardOnly && entry.turn === frame.turn));
  const entry = {
    ...known,
    kind: "message", key: known?.key ?? `m:${frame.id}`, id: frame.id, turn: frame.turn, author: frame.author ?? "shopper",
    name: frame.name, text: frame.text || known?.text || "", uploads: frame.uploads ?? known?.uploads ?? [], status: "sent", heardOnly: false,
  };
  const others = state.entries.filter((other) => other !== known);
  return { ...state, notice: null, entries: insert(others, entry) };
}

/** Speech as heard: belongs to the turn's message, or to the recording still under way. */
function onHeard(state, frame) {
  const ours = (entry) => entry.kind === "message" && entry.author === "shopper";
  const target =
    state.entries.findLast((entry) => ours(entry) && entry.turn === frame.turn) ??
    state.entries.findLast((entry) => ours(entry) && entry.voice && !entry.turn);
  if (target) {
    return replace(state, (entry) => entry === target, (entry) => ({ ...entry, text: frame.text, voice: true, turn: entry.turn ?? frame.turn }));
  }
  const entry = { kind: "message", key: `t:${frame.turn}`, id: `t:${frame.turn}`, turn: frame.turn, author: "shopper", text: frame.text, uploads: [], status: "sent", voice: true, heardOnly: true };
  return { ...state, entries: insert(state.entries, entry) };
}

function onReply(state, frame) {
  if (frame.type === "proposal" || frame.type === "outcome") state = { ...state, entries: state.entries.map((entry) => (entry.kind === "reply" ? settled(entry, frame) : entry)) };
  if (frame.type === "done") state = reopen(state, frame.turn);
  const found = state.entries.find((entry) => isReply(entry, frame.turn));
  const before = found ?? { kind: "reply", key: `r:${frame.turn}`, turn: frame.turn, parts: [] };
  const after = withFrame(before, frame);
  if (found) return replace(state, (entry) => entry === found, () => after);
  return { ...state, entries: insert(state.entries, after) };
}

/** The turn a pressed button began has ended. If that settled nothing, the button may be pressed again. */
function reopen(state, turn) {
  const said = state.entries.find((entry) => entry.kind === "message" && entry.turn === turn);
  if (!said) return state;
  const mine = (entry) => entry.kind === "reply" && entry.chosen?.by === said.id;
  return replace(state, mine, (entry) => (entry.parts.some((one) => one.kind === "proposal" && !one.settled) ? { ...entry, chosen: undefined } : entry));
}

function onAgent(state, frame) {
  const entry = { kind: "agent", key: `a:${frame.seq}`, state: frame.state, name: frame.name };
  const entries = frame.state === "joined" ? state.entries.map((other) => (writing(other) ? { ...other, idle: true } : other)) : state.entries;
  return { ...state, agent: frame.state === "left" ? null : { state: frame.state, name: frame.name }, entries: insert(entries, entry) };
}

/** After the entries of its own turn; new turns go before what is still on its way out. */
function insert(entries, entry) {
  let at = entries.findLastIndex((other) => entry.kind === "reply" && other.turn !== undefined && other.turn === entry.turn) + 1;
  if (at === 0) {
    at = entries.length;
    while (at > 0 && pending(entries[at - 1])) at -= 1;
  }
  return [...entries.slice(0, at), entry, ...entries.slice(at)];
}

function replace(state, matches, change) {
  return { ...state, entries: state.entries.map((entry) => (matches(entry) ? change(entry) : entry)) };
}

function choose(entries, turn, chosen) {
  return turn === undefined ? entries : entries.map((entry) => (isReply(entry, turn) ? { ...entry, chosen } : entry));
}

const isReply = (entry, turn) => entry.kind === "reply" && entry.turn === turn;
