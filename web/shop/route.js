// In:  the address after "#". Out: {name: home | list | product, id?, filters?}; and the other way round. Pure.

const FILTERS = ["q", "category", "brand", "color", "size", "material", "person", "attributes", "price_max", "in_stock", "sort"];

export function routeOf(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  if (path.startsWith("/p/")) return { name: "product", id: decodeURIComponent(path.slice(3)), filters: {} };
  if (path !== "/s") return { name: "home", filters: {} };
  const given = new URLSearchParams(query);
  const filters = {};
  for (const name of FILTERS) if (given.get(name)) filters[name] = given.get(name);
  return { name: "list", filters };
}

export const productHref = (id) => `#/p/${encodeURIComponent(id)}`;

export function listHref(filters) {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (filters[name]) query.set(name, filters[name]);
  const text = query.toString();
  return text ? `#/s?${text}` : "#/s";
}
