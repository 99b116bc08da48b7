// In:  a tag with classes ("button.send"), attributes and children.
// Out: a DOM element. Strings become text nodes, never markup, so nothing from the server can act.

export function el(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "style") node.style.cssText = value; // allowed under a strict style-src, unlike the attribute
  else if (name === "class") node.className = `${node.className} ${value}`.trim();
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Text for screen readers only. */
export const unseen = (text) => el("span.unseen", {}, text);

/** Three dots that breathe while something is awaited. */
export const pulse = () => el("span.pulse", { "aria-hidden": "true" }, el("i"), el("i"), el("i"));

/** An address from the server, resolved against `base`; null unless it is http(s). */
export function safeUrl(address, base) {
  if (typeof address !== "string" || address === "") return null;
  try {
    const url = new URL(address, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A picture that gives way to a quiet placeholder when it is missing. */
export function picture(address, base, alt = "") {
  const url = safeUrl(address, base);
  const frame = el("span.picture");
  if (!url) {
    frame.classList.add("missing");
    return frame;
  }
  const image = el("img", { src: url, alt, loading: "lazy", decoding: "async", draggable: "false" });
  image.addEventListener("error", () => {
    image.remove();
    frame.classList.add("missing");
  });
  frame.append(image);
  return frame;
}
