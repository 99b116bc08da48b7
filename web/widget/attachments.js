// In:  picture files. Out: previews above the input, each uploaded at once; finish() gives the upload ids.

import { el } from "./element.js";
import { icon } from "./icons.js";
import { keepPreview, prepare, upload } from "./photo.js";

const MOST = 3;

export function openAttachments(chat, { onChange }) {
  const { t } = chat;
  const node = el("div.attachments", { hidden: true });
  let held = [];

  function add(files) {
    for (const file of files.slice(0, MOST - held.length)) {
      const one = { state: "reading" };
      held = [...held, one];
      one.ready = read(one, file);
    }
    draw();
  }

  async function read(one, file) {
    try {
      Object.assign(one, await prepare(file));
    } catch {
      one.state = "unreadable";
      return draw();
    }
    return send(one);
  }

  async function send(one) {
    one.state = "uploading";
    draw();
    try {
      one.id = await upload(chat.server, one.blob);
      one.state = "done";
      keepPreview(chat.storage, one.id, one.preview);
    } catch {
      one.state = "failed";
    }
    draw();
  }

  function remove(one) {
    held = held.filter((other) => other !== one);
    draw();
  }

  function draw() {
    node.hidden = held.length === 0;
    node.replaceChildren(...held.map(thumbnail));
    onChange();
  }

  function thumbnail(one) {
    const failed = { failed: "photo_failed", unreadable: "photo_unreadable" }[one.state];
    const retry = () => (one.ready = send(one));
    return el(
      "div.attachment",
      { "data-state": one.state },
      one.preview ? el("img", { src: one.preview, alt: t("photo_sent") }) : icon("photo", 22),
      one.state === "uploading" && el("span.spin", { role: "status", "aria-label": t("photo_uploading") }),
      failed && el("span.attachment-error", { role: "alert" }, t(failed)),
      one.state === "failed" && el("button.link", { type: "button", onclick: retry }, t("photo_retry")),
      el("button.icon.remove", { type: "button", "aria-label": t("photo_remove"), onclick: () => remove(one) }, icon("close", 14)),
    );
  }

  return {
    node,
    add,
    get usable() {
      return held.some((one) => one.state !== "unreadable");
    },
    /** Waits for uploads under way. → ids, or null when one failed. */
    async finish() {
      await Promise.all(held.map((one) => one.ready));
      const wanted = held.filter((one) => one.state !== "unreadable");
      return wanted.every((one) => one.id) ? wanted.map((one) => one.id) : null;
    },
    clear() {
      held = [];
      draw();
    },
  };
}
