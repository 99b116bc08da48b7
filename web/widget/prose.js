// In:  sentences in order, or one sentence with its claims. Out: how to set them. Pure.

const WIDE = /[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]$/u;
const BLOCK = /^(?:[-•*] |\d+[.、)] ?)/u;

/** What stands between two sentences: nothing after Chinese, a space after English, a new line before and after a list item. */
export function gap(before, after) {
  if (!before || /\s$/u.test(before) || /^\s/u.test(after)) return "";
  if (BLOCK.test(after) || BLOCK.test(before)) return "\n";
  return WIDE.test(before) ? "" : " ";
}

/** Cuts a sentence into plain text and claims: [{text, claim?}]. A claim not found in the sentence is left out. */
export function pieces(text, claims) {
  const found = claims
    .filter((claim) => typeof claim.text === "string" && claim.text !== "" && text.includes(claim.text))
    .map((claim) => ({ claim, at: text.indexOf(claim.text) }))
    .sort((a, b) => a.at - b.at);
  const out = [];
  let from = 0;
  for (const { claim, at } of found) {
    if (at < from) continue;
    if (at > from) out.push({ text: text.slice(from, at) });
    out.push({ text: claim.text, claim });
    from = at + claim.text.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}
