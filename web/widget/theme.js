// In:  data-theme on the element, else on <html>, else the system's preference.
// Out: data-mode "light" or "dark" on the panel's root, kept true while any of them changes.

export function followTheme(element, root) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const page = document.documentElement;
  const apply = () => {
    const wanted = [element.dataset.theme, page.dataset.theme].find((theme) => theme === "light" || theme === "dark");
    root.dataset.mode = wanted ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", apply);
  const watch = new MutationObserver(apply);
  for (const target of [element, page]) watch.observe(target, { attributes: true, attributeFilter: ["data-theme"] });
  apply();
}
