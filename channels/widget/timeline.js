// The conversation as it must appear: the server's messages by seq, then what is still on its way.
// A citizen's message may reach us twice, as the answer to its POST and as an event, in either
// order; both carry its client_id, so here they are one entry, and the screen keeps its element.

export class Timeline {
  constructor() {
    this.clear();
  }

  clear() {
    this.entries = new Map(); // client_id, or the id of what others wrote → {key, message, item}
  }

  // A message from the event stream or a reading. True if it is new to us.
  receive(message) {
    const key = message.client_id ?? message.id;
    const known = this.entries.get(key);
    if (known?.message) return false;
    this.entries.set(key, { key, item: known?.item ?? null, message });
    return !known;
  }

  // The POST's answer.
  confirm(item, message) {
    this.entries.set(item.client_id, { key: item.client_id, item, message });
  }

  // The outbox as it stands: new items appear, discarded ones vanish.
  pending(items) {
    const known = new Map(items.map((item) => [item.client_id, item]));
    for (const [key, entry] of this.entries) {
      if (known.has(key)) entry.item = known.get(key);
      else if (!entry.message) this.entries.delete(key);
    }
    for (const item of items) {
      if (!this.entries.has(item.client_id)) this.entries.set(item.client_id, { key: item.client_id, item, message: null });
    }
  }

  // Entries in order of appearance, each with what the screen needs.
  list() {
    const rank = ({ message }) => message?.seq ?? Infinity;
    return [...this.entries.values()]
      .sort((a, b) => (rank(a) === rank(b) ? (a.item?.at ?? 0) - (b.item?.at ?? 0) : rank(a) - rank(b)))
      .map(shown);
  }
}

function shown({ key, message, item }) {
  return {
    key,
    seq: message?.seq,
    id: message?.id,
    author: message?.author ?? "citizen",
    // A button's words, not its payload, are what the person said.
    text: item?.title ?? message?.text ?? item?.text ?? "",
    createdAt: message?.created_at ?? new Date(item.at).toISOString(),
    buttons: message?.buttons ?? [],
    sources: message?.sources ?? [],
    state: stateOf(message, item),
    reason: item?.reason ?? "",
    notBefore: item?.notBefore ?? 0,
    draft: item?.text,
    clientId: item?.client_id,
  };
}

function stateOf(message, item) {
  if (message) return "sent";
  if (item.state === "failed") return "failed";
  if (item.waiting === "rate" && item.notBefore > Date.now()) return "rate";
  return "sending";
}
