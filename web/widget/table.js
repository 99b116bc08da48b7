// In:  a comparison {columns, rows}. Out: a table that scrolls sideways by itself, the first cell of a row being its heading.

import { el } from "./element.js";

export function tableView() {
  const node = el("div.table-frame", { tabindex: "0", role: "region" });
  return {
    node,
    update({ columns, rows }) {
      node.setAttribute("aria-label", columns.filter(Boolean).map(words).join(", "));
      const head = el("tr", {}, ...columns.map((column, at) => (at === 0 && !column ? el("td") : el("th", { scope: "col" }, words(column)))));
      const body = rows.map((row) => {
        const cells = Array.isArray(row) ? row : [row.label, ...(row.cells ?? [])];
        return el("tr", {}, ...cells.map((cell, at) => (at === 0 ? el("th", { scope: "row" }, words(cell)) : el("td", {}, words(cell)))));
      });
      node.replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
    },
  };
}

function words(cell) {
  if (cell === null || cell === undefined || cell === "") return "–";
  return typeof cell === "object" ? String(cell.label ?? cell.text ?? cell.value ?? "–") : String(cell);
}
