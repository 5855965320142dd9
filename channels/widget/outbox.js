// What the citizen has written and the server has not yet confirmed. It is kept in storage, sent
// strictly in order, one at a time, always with the same client_id: a lost answer costs a repeat,
// never a loss or a double. Each item has its own key, so two tabs never overwrite each other.

import { exclusive, keys, onChange, read, remove, write } from "./storage.js";
import { backoff, Pause } from "./pause.js";
import { uuid } from "./format.js";

const KEY = "outbox.";

export class Outbox {
  // conversation(): the current one or null. onChanged(): items came, went or changed.
  // onSent(item, message): confirmed. onGone(conversation): no longer ours.
  constructor({ api, conversation, onChanged, onSent, onGone }) {
    Object.assign(this, { api, conversation, onChanged, onSent, onGone });
    this.pause = new Pause();
    this.pumping = false;
    onChange((key, item) => {
      if (!key.startsWith(KEY)) return;
      if (item?.message) this.onSent(item, item.message); // the other tab tells before it removes
      this.onChanged();
      this.pump();
    });
  }

  items() {
    return keys(KEY).map(read).filter((item) => item && !item.message)
      .sort((a, b) => a.at - b.at || (a.client_id < b.client_id ? -1 : 1));
  }

  add(content) {
    const last = this.items().at(-1);
    // A clock that goes back must not change the order.
    const at = Math.max(Date.now(), last ? last.at + 1 : 0);
    const item = { client_id: uuid(), ...content, at, attempts: 0, notBefore: 0, state: "queued" };
    this.save(item);
    this.onChanged();
    this.pump();
    return item;
  }

  save(item) {
    write(KEY + item.client_id, item);
  }

  discard(clientId) {
    remove(KEY + clientId);
    this.onChanged();
  }

  clear() {
    for (const item of this.items()) remove(KEY + item.client_id);
    this.onChanged();
  }

  // The network is back: do not sit out the back-off. A limit of the server's is still respected.
  hurry() {
    const head = this.head();
    if (head && head.waiting === "network" && head.notBefore > Date.now()) this.save({ ...head, notBefore: 0 });
    this.pause.wake();
    this.pump();
  }

  head() {
    return this.items().find((item) => item.state === "queued");
  }

  async pump() {
    if (this.pumping) return this.pause.wake();
    this.pumping = true;
    try {
      for (;;) {
        const item = this.head();
        if (!item || !this.conversation()) return;
        const wait = item.notBefore - Date.now();
        // The lock is not held while waiting: a tab that sleeps in the background would stop the others.
        if (wait > 0) await this.pause.wait(Math.min(wait, 60000));
        else await exclusive("sending", () => this.attempt(item.client_id));
      }
    } finally {
      this.pumping = false;
    }
  }

  async attempt(clientId) {
    const item = this.head(); // read again: another tab may have sent it meanwhile
    const conversation = this.conversation();
    if (!conversation || item?.client_id !== clientId || item.notBefore > Date.now()) return;
    item.attempts += 1;
    this.save(item);
    this.onChanged();
    const { client_id, text, payload } = item;
    try {
      const { message } = await this.api.send(conversation, payload === undefined ? { client_id, text } : { client_id, payload });
      if (!message) throw Object.assign(new Error("no message"), { kind: "server" });
      if (this.conversation() !== conversation) return; // replaced meanwhile; the new one started clean
      this.save({ ...item, message }); // for the other tabs
      this.onSent(item, message);
      remove(KEY + client_id);
      this.onChanged();
    } catch (error) {
      if (this.conversation() === conversation) this.failed(item, error, conversation);
    }
  }

  failed(item, error, conversation) {
    // Only if it is still wanted: it may have been discarded while on its way.
    if (!read(KEY + item.client_id)) return;
    const wait = (waiting, ms) => this.save({ ...item, waiting, notBefore: Date.now() + ms });
    if (error.kind === "gone") {
      this.onGone(conversation);
    } else if (error.kind === "rate") {
      wait("rate", Math.max(1, error.retryAfter || 5) * 1000);
    } else if (error.kind === "refused") {
      this.save({ ...item, state: "failed", reason: error.detail });
    } else {
      wait("network", backoff(item.attempts));
    }
    this.onChanged();
  }
}
