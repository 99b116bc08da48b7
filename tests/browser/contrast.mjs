// In:  a page. Out: the text on it that is too faint for its background (WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 where large).
// Colours are the computed ones, with transparency and opacity laid over what is behind them. Text on pictures is left out.

/** → [{text, ratio, needs, colour, behind, where}], the faintest first. */
export const faintText = (page) => page.evaluate(measure);

/** Runs in the page. */
function measure() {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const cache = new Map();

  /** Any CSS colour → [r, g, b, a], r to b 0…255, a 0…1. */
  function rgba(colour) {
    if (!cache.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      cache.set(colour, [r, g, b, a / 255]);
    }
    return cache.get(colour);
  }

  const over = ([r, g, b, a], behind) => [r, g, b].map((value, at) => value * a + behind[at] * (1 - a));
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const parent = (node) => node.parentElement ?? node.getRootNode().host ?? null;

  /** What lies behind `node`, itself included, or null where a picture does. */
  function behind(node) {
    const layers = [];
    for (let at = node; at; at = parent(at)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = rgba(style.backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    const canvas = rgba(getComputedStyle(document.documentElement).backgroundColor);
    return layers.reverse().reduce((under, layer) => over(layer, under), canvas.slice(0, 3));
  }

  function visible(node) {
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const box = node.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && getComputedStyle(node).clipPath === "none";
  }

  /** Opacity of the element and all around it: text and ground fade together towards what is under them. */
  function opacity(node) {
    let product = 1;
    for (let at = node; at; at = parent(at)) product *= Number(getComputedStyle(at).opacity);
    return product;
  }

  function check(node, text, colourOf = getComputedStyle(node)) {
    if (!visible(node)) return [];
    const ground = behind(node);
    if (!ground) return [];
    const [r, g, b, a] = rgba(colourOf.color);
    const ink = over([r, g, b, a * opacity(node)], ground);
    const [light, dark] = [luminance(ink), luminance(ground)].sort((x, y) => y - x);
    const ratio = (light + 0.05) / (dark + 0.05);
    const style = getComputedStyle(node);
    const size = Number.parseFloat(style.fontSize);
    const needs = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio >= needs || node.closest(":disabled")) return [];
    return [{ text: text.slice(0, 40), ratio: Number(ratio.toFixed(2)), needs, colour: ink.map(Math.round).join(" "), behind: ground.map(Math.round).join(" "), where: `${node.localName}.${node.className}` }];
  }

  function walk(root) {
    const found = [];
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) found.push(...walk(node.shadowRoot));
      const own = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
      if (own.length && !["SCRIPT", "STYLE", "NOSCRIPT", "OPTION"].includes(node.tagName)) found.push(...check(node, own[0].data.trim()));
      if (node.placeholder && !node.value) found.push(...check(node, node.placeholder, getComputedStyle(node, "::placeholder")));
    }
    return found;
  }

  const unique = new Map(walk(document).map((one) => [`${one.where} ${one.colour} ${one.behind}`, one]));
  return [...unique.values()].sort((a, b) => a.ratio - b.ratio);
}
