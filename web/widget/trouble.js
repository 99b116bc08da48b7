// In:  an `error` frame. Out: what becomes of the messages that are not acknowledged yet.

const RETRY_MS = 3_000;

export function onError(chat, frame) {
  const { outbox, storage, line, dispatch } = chat;
  switch (frame.code) {
    case "busy":
    case "too_many":
      setTimeout(() => chat.flush(), frame.retry_ms ?? RETRY_MS);
      return;
    case "unauthorized":
      storage.remove("session");
      dispatch({ type: "local_reset" });
      if (chat.refused) return line.close();
      chat.refused = true; // one fresh start; a second refusal is final
      line.reopen();
      return;
    default:
      refuse(chat, frame.id);
  }

  /** The frame names the message it refused; if it does not, only a single waiting one can be meant. */
  function refuse({ state }, named) {
    const waiting = [...outbox.frames().map((item) => item.frame), ...outbox.recordings()];
    const meant = waiting.find((one) => one.id === named) ?? (waiting.length === 1 ? waiting[0] : null);
    if (!meant) return;
    outbox.settle(meant.id);
    if (meant.type === "choose" && meant.action !== "reply") {
      dispatch({ type: "local_drop", id: meant.id });
      dispatch({ type: "local_chosen", turn: meant.turn });
    } else if (state.entries.some((entry) => entry.id === meant.id)) {
      dispatch({ type: "local_failed", id: meant.id });
    }
  }
}
