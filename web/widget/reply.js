// In:  one reply of the assistant. Out: its element. Parts are drawn in the order they came; each kind has its own file.

import { cardsView } from "./cards.js";
import { correctionView } from "./correction.js";
import { el, pulse, unseen } from "./element.js";
import { icon } from "./icons.js";
import { outcomeView, proposalView } from "./proposal.js";
import { ratingView } from "./rating.js";
import { tableView } from "./table.js";
import { textView } from "./text.js";

const VIEWS = { text: textView, products: cardsView, table: tableView, proposal: proposalView, outcome: outcomeView, correction: correctionView };

export function replyView(chat) {
  const { t } = chat;
  const body = el("div.parts");
  const tail = el("div.tail");
  const rating = ratingView(chat);
  const stage = el("div.stage", { hidden: true }, pulse(), el("span.stage-words"));
  const node = el("div.reply", {}, unseen(`${t("bot")}: `), body, stage, tail, rating.node);
  const shown = [];

  return {
    node,
    update(entry, { last, settled }) {
      node.dataset.turn = entry.turn;
      node.dataset.finish = entry.done?.finish ?? "";
      entry.parts.filter((one) => VIEWS[one.kind]).forEach((one, at) => {
        if (!shown[at]) {
          shown[at] = VIEWS[one.kind](chat, entry.turn);
          body.append(shown[at].node);
        }
        if (shown[at].part !== one || shown[at].chosen !== entry.chosen) {
          shown[at].part = one;
          shown[at].chosen = entry.chosen;
          shown[at].update(one, entry);
        }
      });
      showStage(entry);
      tail.replaceChildren(...ending(entry, settled), ...choices(entry, settled));
      rating.update(entry, last && settled);
    },
  };

  function showStage(entry) {
    const idle = entry.done || entry.idle;
    stage.hidden = Boolean(idle) || (!entry.stage && entry.parts.length > 0);
    const words = t(`stage_${entry.stage ?? "understanding"}`) ?? "";
    const target = stage.lastChild;
    if (!stage.hidden && target.textContent !== words) target.textContent = words;
  }

  function ending(entry, settled) {
    if (entry.done?.finish === "stopped") return [el("p.ending", {}, icon("stop", 13), t("stopped"))];
    if (entry.done?.finish !== "failed") return [];
    const again = () => {
      const asked = chat.state.entries.findLast((other) => other.kind === "message" && other.author === "shopper" && other.turn === entry.turn);
      if (asked?.text || asked?.uploads.length) chat.act.say(asked.text, asked.uploads);
    };
    return [el("p.ending", {}, icon("alert", 15), t("turn_failed"), settled && el("button.link", { type: "button", onclick: again }, t("try_again")))];
  }

  function choices(entry, settled) {
    const options = entry.parts.find((one) => one.kind === "choices")?.options ?? [];
    if (!settled || entry.chosen || options.length === 0) return [];
    const buttons = options.map((option) => el("button.choice", { type: "button", onclick: () => chat.act.reply(entry.turn, option) }, option.label));
    return [el("div.choices", { role: "group", "aria-label": t("choices") }, ...buttons)];
  }
}
