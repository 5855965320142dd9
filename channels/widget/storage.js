// What must survive a reload, and what two tabs share. A browser that blocks storage in embedded
// pages makes localStorage throw; the chat then works from memory, for as long as the page lives.

const PREFIX = "orienta.";
const memory = new Map();

function area() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function read(key) {
  const raw = memory.get(key) ?? attempt((store) => store.getItem(PREFIX + key));
  try {
    return raw ? JSON.parse(raw) : null;
  } catch {
    return null; // someone else's value, or half written
  }
}

export function write(key, value) {
  const raw = JSON.stringify(value);
  const stored = attempt((store) => (store.setItem(PREFIX + key, raw), true));
  if (stored) memory.delete(key);
  else memory.set(key, raw); // blocked or full
}

export function remove(key) {
  memory.delete(key);
  attempt((store) => store.removeItem(PREFIX + key));
}

export function keys(start) {
  const found = new Set([...memory.keys()]);
  attempt((store) => {
    for (let i = 0; i < store.length; i++) {
      const name = store.key(i);
      if (name.startsWith(PREFIX)) found.add(name.slice(PREFIX.length));
    }
  });
  return [...found].filter((key) => key.startsWith(start));
}

// Changes made by other tabs: listener(key, newValue or null).
export function onChange(listener) {
  window.addEventListener("storage", (event) => {
    if (event.storageArea !== area() || !event.key?.startsWith(PREFIX)) return;
    let value = null;
    try {
      value = event.newValue && JSON.parse(event.newValue);
    } catch { /* not ours */ }
    listener(event.key.slice(PREFIX.length), value);
  });
}

// One tab at a time. This is courtesy, not correctness: the server ignores a repeated client_id,
// so a browser without locks (plain http on a network address) may do without.
export async function exclusive(name, work) {
  let begun = false;
  try {
    return await navigator.locks.request(PREFIX + name, () => ((begun = true), work()));
  } catch (error) {
    if (begun) throw error; // the work's own failure
    return work(); // no locks here, or forbidden along with storage
  }
}

function attempt(action) {
  try {
    const store = area();
    return store ? action(store) : undefined;
  } catch {
    return undefined;
  }
}
