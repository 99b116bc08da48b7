// In:  what the shopper does (says, chooses, rates, stops, opens a product, sends a recording).
// Out: the frame for it, kept until acknowledged where it must not be lost, and the change on the screen at once.

export function actions(chat) {
  const { outbox, storage, dispatch } = chat;

  function deliver(frame, note) {
    outbox.put(frame, note);
    chat.line.open();
    chat.line.send(frame);
  }

  return {
    say(text, uploads = []) {
      const frame = { type: "say", id: newId(), text: text || undefined, uploads: uploads.length ? uploads : undefined };
      dispatch({ type: "local_say", id: frame.id, text, uploads });
      deliver(frame);
    },

    reply(turn, option) {
      const frame = { type: "choose", id: newId(), turn, action: "reply", value: option.value };
      dispatch({ type: "local_say", id: frame.id, text: option.label, turn });
      deliver(frame, { label: option.label });
    },

    /** `action` is "confirm" or "decline". */
    decide(turn, proposal, action) {
      const frame = { type: "choose", id: newId(), turn, action, value: proposal };
      const label = chat.t(action);
      dispatch({ type: "local_say", id: frame.id, text: label });
      dispatch({ type: "local_chosen", turn, action, proposal, by: frame.id });
      deliver(frame, { label });
    },

    /** After a reload: a decision not yet acknowledged still stands. */
    restoreDecision({ turn, proposal }) {
      const made = outbox.frames().find(({ frame }) => frame.type === "choose" && frame.value === proposal);
      if (made) dispatch({ type: "local_chosen", turn, action: made.frame.action, proposal, by: made.frame.id });
    },

    /** → false when the page has taken the navigation over. */
    openProduct(turn, item, url) {
      chat.line.send({ type: "choose", id: newId(), turn, action: "open", value: item.id });
      const asked = new CustomEvent("daogou:open", { detail: { product: item.id, url }, bubbles: true, composed: true, cancelable: true });
      return chat.element.dispatchEvent(asked);
    },

    rate(turn, score, comment) {
      const frame = { type: "rate", id: newId(), turn, score, comment: comment || undefined };
      if (!chat.line.send(frame)) chat.later.push(frame);
      storage.set("rated", [...(storage.get("rated") ?? []).filter((one) => one.turn !== turn), { turn, score }].slice(-50));
      dispatch({ type: "local_rated", turn, score });
    },

    ratingOf: (turn) => (storage.get("rated") ?? []).find((one) => one.turn === turn)?.score,

    stop() {
      chat.line.send({ type: "stop" });
    },

    record(chunks) {
      const id = newId();
      outbox.putRecording(id, chunks);
      dispatch({ type: "local_say", id, text: "", voice: true });
      chat.line.open();
      this.sendRecording({ id, chunks });
    },

    sendRecording({ id, chunks }) {
      if (!chat.line.send({ type: "audio_start", id, rate: 16_000 })) return;
      for (const chunk of chunks) chat.line.send(chunk);
      chat.line.send({ type: "audio_end", id });
    },

    /** Sends a message that was refused once more, under its own id. */
    again(entry) {
      dispatch({ type: "local_again", id: entry.id });
      deliver({ type: "say", id: entry.id, text: entry.text || undefined, uploads: entry.uploads?.length ? entry.uploads : undefined });
    },

    drop(entry) {
      outbox.settle(entry.id);
      dispatch({ type: "local_drop", id: entry.id });
    },

    dismissNotice() {
      dispatch({ type: "local_notice" });
    },
  };
}

const newId = () => crypto.randomUUID?.() ?? fallbackId();

/** randomUUID exists on secure origins only; a shop on plain http in its own network still needs unique ids. */
function fallbackId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
