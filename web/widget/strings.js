// In:  a locale ("zh-CN", "en-US", "auto"). Out: the widget's own words. What the server says is never translated here.

import en from "./strings-en.js";
import zh from "./strings-zh.js";

const WORDS = { zh, en };
export const LOCALES = { zh: "zh-CN", en: "en-US" };

/** "zh" for any Chinese, "en" for everything else; "auto" or nothing asks the browser. */
export function languageOf(locale) {
  const wanted = !locale || locale === "auto" ? (navigator.language ?? "en") : locale;
  return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** words("zh")("seconds", {n: 3}) → "3 秒". Unknown keys give undefined, so that callers can fall back. */
export function words(language) {
  const table = WORDS[language];
  return (key, values = {}) => {
    const text = table[key];
    if (typeof text !== "string") return text;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  };
}
