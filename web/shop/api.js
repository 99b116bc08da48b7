// In:  what is wanted, in the language of the page. Out: the server's JSON. Throws {status} when it refuses.

import { language } from "./words.js";

const SERVER = new URL("../", import.meta.url);

export const search = (filters, signal) => get("v1/search", { ...filters, in_stock: filters.in_stock ? 1 : undefined }, signal);
export const product = (id, signal) => get(`v1/products/${encodeURIComponent(id)}`, {}, signal);
export const recommend = (wanted, signal) => get("v1/recommend", wanted, signal);
export const mediaUrl = (path) => (path ? new URL(path, SERVER).href : null);
export const server = SERVER.href;

async function get(path, query, signal) {
  const url = new URL(path, SERVER);
  for (const [name, value] of Object.entries({ ...query, lang: language() })) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
  }
  const response = await fetch(url, { signal, headers: { accept: "application/json" } });
  if (!response.ok) throw Object.assign(new Error(`${url.pathname} answered ${response.status}`), { status: response.status });
  return response.json();
}
