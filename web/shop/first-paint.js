// In:  the theme and language kept from the last visit. Out: both set on <html> before anything is painted.
(() => {
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem("merlion theme");
    language = localStorage.getItem("merlion language");
  } catch {
    // Storage is refused here: the system's theme and the browser's language serve.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  document.documentElement.lang = (language ?? navigator.language).toLowerCase().startsWith("zh") ? "zh-CN" : "en";
})();
