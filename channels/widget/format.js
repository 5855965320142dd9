// Small pure helpers: dates, links, lengths, identifiers.

const MONTHS = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
  "septiembre", "octubre", "noviembre", "diciembre"];

// "2026-10-09" → "9 de octubre de 2026". Read as text: new Date("2026-10-09") is midnight UTC,
// which in Mexico is still the day before.
export function longDate(value) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(value ?? "");
  const month = parts && MONTHS[Number(parts[2]) - 1];
  return month ? `${Number(parts[3])} de ${month} de ${parts[1]}` : "";
}

const clock = new Intl.DateTimeFormat("es-MX", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndClock = new Intl.DateTimeFormat("es-MX", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function shortTime(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const today = date.toDateString() === new Date().toDateString();
  return (today ? clock : dayAndClock).format(date);
}

// Only the web: a "javascript:" or "data:" address must never become a link.
export function webUrl(value) {
  try {
    const url = new URL(value);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

// Counted as the server counts, in code points; "length" would count an emoji twice.
export function characters(text) {
  return [...text].length;
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a network address is no secure context and lacks randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
