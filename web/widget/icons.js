// In:  an icon's name.
// Out: an inline SVG element, 24 × 24, drawn in the current colour and hidden from screen readers.

const PATHS = {
  chat: "M4 5.5h16v10.5H11l-4.5 3.6V16H4z M8.2 10.8h.01 M12 10.8h.01 M15.8 10.8h.01",
  close: "M6 6l12 12 M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19.5V5 M5.5 11.2L12 4.7l6.5 6.5",
  photo: "M4 7.5h3.6L9.2 5h5.6l1.6 2.5H20V19H4z M12 16.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8z",
  voice: "M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3z M6 11.3a6 6 0 0 0 12 0 M12 17.3V21 M9 21h6",
  stop: "M7.5 7.5h9v9h-9z",
  restart: "M5 12a7 7 0 1 0 2.2-5.1 M4.6 4.4v3.8h3.8",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  check: "M5 12.6l4.6 4.6L19 7.8",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z M12 7.5V12l3 2",
  person: "M12 12.2a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.8 20a7.2 7.2 0 0 1 14.4 0",
  alert: "M12 8v5 M12 16.4h.01 M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z",
  star: "M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  search: "M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6z M15.8 15.8L20.4 20.4",
  sun: "M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4z M12 2.8v2 M12 19.2v2 M2.8 12h2 M19.2 12h2 M5.5 5.5l1.4 1.4 M17.1 17.1l1.4 1.4 M5.5 18.5l1.4-1.4 M17.1 6.9l1.4-1.4",
  moon: "M19.8 14.4A8 8 0 0 1 9.6 4.2a8 8 0 1 0 10.2 10.2z",
  filter: "M4 7h16 M7 12h10 M10 17h4",
};

export function icon(name, size = 24) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false",
  })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  if (name === "stop" || name === "star") path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}
