// In:  the panel, when it covers the whole screen. Out: Tab stays inside it, and it ends where the on-screen keyboard begins.

const FOCUSABLE = "button:not([disabled]), a[href], textarea, input:not([type=file]), [tabindex='0']";

export function holdFocus(panel, event) {
  const stops = [...panel.querySelectorAll(FOCUSABLE)].filter((node) => node.tabIndex >= 0 && node.getClientRects().length > 0);
  if (stops.length === 0) return;
  const at = stops.indexOf(panel.getRootNode().activeElement);
  const leaving = event.shiftKey ? at <= 0 : at === stops.length - 1;
  if (!leaving) return;
  event.preventDefault();
  stops[event.shiftKey ? stops.length - 1 : 0].focus();
}

export function fitToKeyboard(root) {
  const seen = globalThis.visualViewport;
  if (!seen) return;
  const fit = () => {
    root.style.setProperty("--seen-height", `${seen.height}px`);
    root.style.setProperty("--seen-top", `${seen.offsetTop}px`);
  };
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  fit();
}
