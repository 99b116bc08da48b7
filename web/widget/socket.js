// In:  the address of the chat, and a function that writes the `hello` for the moment.
// Out: frames as they come, and the state of the line (connecting, ready, waiting, closed).
// The line is kept up: a cut is followed by attempts 0.5 s to 20 s apart with jitter, a silent line is found by ping.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 8_000;

export function openLine({ url, hello, onFrame, onState }) {
  let socket = null;
  let state = "closed";
  let attempts = 0;
  let retry = null;
  let pinging = null;
  let overdue = null;

  function become(next) {
    if (next === state) return;
    state = next;
    onState(next);
  }

  function open() {
    clearTimeout(retry);
    if (socket) return;
    become("connecting");
    const opened = new WebSocket(url);
    opened.binaryType = "arraybuffer";
    socket = opened;
    opened.onopen = () => {
      if (opened !== socket) return;
      opened.send(JSON.stringify(hello()));
      pinging = setInterval(probe, PING_EVERY_MS);
    };
    opened.onmessage = (event) => {
      if (opened === socket && typeof event.data === "string") receive(event.data);
    };
    opened.onclose = () => {
      if (opened === socket) lost();
    };
  }

  function receive(data) {
    clearTimeout(overdue);
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.type === "ready") {
      attempts = 0;
      onFrame(frame);
      become("ready");
    } else if (frame.type !== "pong") {
      onFrame(frame);
    }
  }

  /** Asks whether the line still lives; silence ends it. */
  function probe() {
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    socket.send('{"type":"ping"}');
    clearTimeout(overdue);
    overdue = setTimeout(drop, PONG_WITHIN_MS);
  }

  function drop() {
    const dropped = socket;
    lost();
    dropped?.close();
  }

  function lost() {
    clearInterval(pinging);
    clearTimeout(overdue);
    socket = null;
    if (state === "closed") return;
    become("waiting");
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempts);
    attempts += 1;
    retry = setTimeout(open, longest / 2 + (Math.random() * longest) / 2);
  }

  function now() {
    if (state === "waiting") open();
    else probe();
  }

  addEventListener("online", now);
  addEventListener("offline", probe);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());

  return {
    open,
    retryNow: now,
    get state() {
      return state;
    },
    /** False when the line is not ready: the frame was not sent. */
    send(frame) {
      if (state !== "ready" || socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(frame instanceof ArrayBuffer ? frame : JSON.stringify(frame));
      return true;
    },
    /** Says hello again on a new connection, at once. */
    reopen() {
      if (state === "closed") return;
      attempts = 0;
      const old = socket;
      lost();
      old?.close();
      open();
    },
    close() {
      become("closed");
      clearTimeout(retry);
      const old = socket;
      lost();
      old?.close();
    },
  };
}
