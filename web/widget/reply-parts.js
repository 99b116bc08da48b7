// In:  one reply (an entry of the conversation) and one frame of its turn.
// Out: the reply after it. Pure. Parts stand in the order they first came, one of each kind except outcomes and corrections:
//   {kind:"text", sentences:[{index, text, claims, corrected?}]}   {kind:"products", items}   {kind:"table", columns, rows}
//   {kind:"proposal", …frame, settled?, reference?}   {kind:"outcome", …frame}   {kind:"correction", …frame}   {kind:"choices", options}

export const REPLY_FRAMES = new Set(["stage", "products", "text", "table", "proposal", "outcome", "choices", "correction", "done"]);

export function withFrame(reply, frame) {
  const live = { ...reply, idle: false };
  switch (frame.type) {
    case "stage":
      return live.done ? reply : { ...live, stage: frame.stage };
    case "products":
      return put(live, { kind: "products", items: frame.items ?? [] });
    case "text":
      return put(live, { kind: "text", sentences: withSentence(part(live, "text")?.sentences ?? [], frame) });
    case "table":
      return put(live, { kind: "table", columns: frame.columns ?? [], rows: frame.rows ?? [] });
    case "choices":
      return put(live, { kind: "choices", options: frame.options ?? [] });
    case "proposal":
      return put(live, { ...frame, kind: "proposal" });
    case "outcome":
      return add(live, { ...frame, kind: "outcome" });
    case "correction":
      return add(correct(live, frame), { ...frame, kind: "correction" });
    case "done":
      return { ...live, stage: null, done: { finish: frame.finish, model: frame.model, timing: frame.timing_ms } };
  }
  return reply;
}

export const part = (reply, kind) => reply.parts.find((one) => one.kind === kind);

const add = (reply, one) => ({ ...reply, parts: [...reply.parts, one] });

function put(reply, one) {
  const known = part(reply, one.kind);
  return known ? { ...reply, parts: reply.parts.map((old) => (old === known ? one : old)) } : add(reply, one);
}

function withSentence(sentences, frame) {
  const others = sentences.filter((sentence) => sentence.index !== frame.index);
  const index = frame.index ?? sentences.length;
  return [...others, { index, text: frame.text ?? "", claims: frame.claims ?? [] }].sort((a, b) => a.index - b.index);
}

/** What has become of proposals by this frame, whichever reply holds them: an outcome settles its own, a new one replaces those open. */
export function settled(reply, frame) {
  const proposal = part(reply, "proposal");
  if (!proposal) return reply;
  const own = proposal.proposal === frame.proposal;
  if (frame.type === "outcome" ? !own : own || proposal.settled) return reply;
  const now = frame.type === "outcome" ? { settled: frame.status, reference: frame.reference } : { settled: "replaced" };
  return { ...reply, parts: reply.parts.map((one) => (one === proposal ? { ...one, ...now } : one)) };
}

/** How a proposal stands: done, declined, expired, refused, replaced, open, or the button that was pressed (confirm, decline). */
export function standing(proposal, chosen, now) {
  if (proposal.settled) return proposal.settled;
  if (chosen?.proposal === proposal.proposal && chosen.action) return chosen.action;
  return proposal.expires_ms <= now ? "expired" : "open";
}

/** The card shows the new value, and the sentence that claimed the old one is struck through. */
function correct(reply, { product, field, was, now }) {
  const parts = reply.parts.map((one) => {
    if (one.kind === "products") {
      return { ...one, items: one.items.map((item) => (item.id === product && field in item ? { ...item, [field]: now, corrected: { ...item.corrected, [field]: was } } : item)) };
    }
    if (one.kind === "text") {
      return { ...one, sentences: one.sentences.map((sentence) => ({ ...sentence, claims: sentence.claims.map((claim) => (claim.product === product && claim.field === field ? { ...claim, now } : claim)) })) };
    }
    return one;
  });
  return { ...reply, parts };
}
