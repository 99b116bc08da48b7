// In:  a product with its variants. Out: chips for colour and size; `onChange(variant)` whenever another one is chosen.
// Choosing a colour keeps the size where that colour has it.

import { el } from "../widget/element.js";
import { colorName, isKnown, swatch } from "./colors.js";
import { t } from "./words.js";

export function openVariants(item, onChange) {
  const all = item.variants?.length ? item.variants : [{ id: item.id }];
  let chosen = all.find((variant) => variant.id === item.id) ?? all.find(inStock) ?? all[0];
  const node = el("div.variants");

  function draw() {
    node.replaceChildren(...["color", "size"].map(row).filter(Boolean));
  }

  function row(field) {
    const values = [...new Set(all.map((variant) => variant[field]).filter(Boolean))];
    if (values.length === 0) return null;
    const chips = values.map((value) => chip(field, value));
    const name = field === "color" ? colorOf(chosen) : (chosen.size ?? "");
    return el("div.variant-row", { role: "group", "aria-label": t(field) }, el("p", {}, `${t(field)} `, el("b", {}, name)), el("div.variant-chips", {}, ...chips));
  }

  function chip(field, value) {
    const target = closest(field, value);
    const on = chosen[field] === value;
    const gone = !inStock(target);
    const label = field === "color" ? colorOf(target) : value;
    const choose = () => {
      chosen = target;
      draw();
      onChange(chosen);
      node.querySelector(`[data-value="${CSS.escape(`${field} ${value}`)}"]`)?.focus();
    };
    return el("button.variant", { type: "button", "aria-pressed": String(on), class: gone ? "gone" : "", "aria-label": gone ? `${label}, ${t("out_of_stock")}` : label, "data-value": `${field} ${value}`, onclick: choose }, field === "color" && el("i", { style: `background:${swatch(value)}` }), label);
  }

  function closest(field, value) {
    const other = field === "color" ? "size" : "color";
    const same = all.filter((variant) => variant[field] === value);
    return same.find((variant) => variant[other] === chosen[other]) ?? same.find(inStock) ?? same[0];
  }

  draw();
  return {
    node,
    get chosen() {
      return chosen;
    },
  };
}

const colorOf = ({ color, color_name: name }) => (isKnown(color) || !name ? colorName(color ?? "") : name);
const inStock = (variant) => variant.availability !== "out_of_stock";
