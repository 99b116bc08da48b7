// In:  a price as the server sends it (number, or decimal text) with its currency, and a locale.
// Out: the price as a shopper reads it. Nothing is ever rounded or converted here.

const formats = new Map();

export function money(amount, currency, locale) {
  const value = typeof amount === "string" ? Number(amount) : amount;
  if (!Number.isFinite(value)) return "";
  if (!currency) return String(value);
  const key = `${locale} ${currency}`;
  if (!formats.has(key)) formats.set(key, format(currency, locale));
  const show = formats.get(key);
  return show ? show.format(value) : `${currency} ${value}`;
}

function format(currency, locale) {
  // Intl writes "SGD 59.90" for zh-CN and en-US; every price tag in Singapore says S$.
  if (currency === "SGD") {
    const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    return { format: (value) => `${value < 0 ? "-" : ""}S$${plain.format(Math.abs(value))}` };
  }
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency });
  } catch {
    return null;
  }
}
