// One conversation from its start to its end: who we are to the server, what we know, what is due.

import { Api } from "./api.js";
import { exclusive, onChange, read, remove, write } from "./storage.js";
import { backoff, Pause } from "./pause.js";
import { Outbox } from "./outbox.js";
import { Stream } from "./stream.js";
import { Timeline } from "./timeline.js";

const SAVED = "conversation"; // {id, token}
const SLOW_MS = 20000;

export class Chat {
  // screen: {filling(on), clear(), draw(list, {news}), mode(status), typing("" | "yes" | "slow"),
  //          note(text), announce(text), arrived()}
  constructor({ health, screen }) {
    this.api = new Api(health);
    this.screen = screen;
    this.timeline = new Timeline();
    this.conversation = null;
    this.cursor = 0; // up to here the stream or a reading brought everything
    this.losses = 0;
    this.expecting = false;
    this.pause = new Pause();
    this.outbox = new Outbox({
      api: this.api,
      conversation: () => this.conversation,
      onChanged: () => this.refresh(),
      onSent: (item, message) => this.sent(item, message),
      onGone: (conversation) => this.lost(conversation),
    });
    // Another tab began a new conversation: this one follows.
    onChange((key, value) => {
      if (key === SAVED && value && this.conversation && value.id !== this.conversation.id) this.restart();
    });
    health.back = () => { this.stream?.wake(); this.outbox.hurry(); };
    window.addEventListener("online", () => { this.pause.wake(); this.outbox.hurry(); });
  }

  // Resumes the saved conversation, or begins one; tries until it works.
  async start() {
    if (this.starting) return;
    this.starting = true;
    this.refresh(); // what was written before a reload is seen at once
    for (let attempt = 1; !this.conversation; attempt++) {
      try {
        await exclusive("starting", () => this.begin()); // two tabs opened together share one
        // The first time round the saved one was refused and forgotten, and the next is a new one.
        if (!this.conversation && attempt > 1) await this.pause.wait(backoff(attempt));
      } catch (error) {
        await this.pause.wait(Math.max(backoff(attempt), (error.retryAfter ?? 0) * 1000));
      }
    }
    this.starting = false;
    this.listen();
    this.outbox.pump();
  }

  async begin() {
    const saved = read(SAVED);
    if (saved?.id && saved?.token) {
      const page = await this.api.messages(saved, 0).catch((error) => {
        if (error.kind !== "gone") throw error;
        this.forget(saved);
      });
      if (read(SAVED)?.id !== saved.id) return; // refused, or renewed while we waited: start() comes round again
      this.conversation = saved;
      this.screen.filling(true); // read long ago: not to be read aloud again
      this.take(page);
      this.screen.filling(false);
    } else {
      if (this.losses > 1) await this.pause.wait(backoff(this.losses)); // a server that forgets at once
      const { id, token, ...page } = await this.api.create();
      this.conversation = { id, token };
      write(SAVED, this.conversation);
      this.take(page);
    }
  }

  listen() {
    this.stream?.stop();
    const { conversation } = this;
    this.stream = new Stream({
      api: this.api,
      conversation,
      cursor: () => this.cursor,
      onEvent: (event) => this.event(event),
      poll: () => this.catchUp(),
      onGone: () => this.lost(conversation),
      onAlive: () => { this.losses = 0; },
    });
    this.stream.start();
  }

  say(content) {
    this.outbox.add(content);
  }

  hasUnsent() {
    return this.outbox.items().length > 0;
  }

  // At the citizen's wish.
  renew() {
    this.outbox.clear();
    remove(SAVED);
    this.losses = 0;
    this.pause.wake();
    this.restart();
  }

  // The server no longer accepts our token: expired, or deleted after its time.
  lost(conversation) {
    if (this.conversation !== conversation) return;
    this.losses += 1;
    this.forget(conversation);
    this.restart();
  }

  forget(conversation) {
    if (read(SAVED)?.id === conversation.id) remove(SAVED); // another tab may have a new one by now
    // A button answers a question of the conversation that ended; written text is still worth sending.
    for (const item of this.outbox.items()) if (item.payload !== undefined) this.outbox.discard(item.client_id);
    this.screen.clear();
    this.screen.note("Su conversación anterior ya no está disponible. Iniciamos una nueva.");
  }

  restart() {
    this.stream?.stop();
    this.stream = null;
    this.conversation = null;
    this.cursor = 0;
    this.timeline.clear();
    this.expect(false);
    this.screen.draw([]);
    this.start();
  }

  event({ type, data, id }) {
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      return; // a newer server may send what we do not know
    }
    if (type === "status") {
      this.screen.mode(value.status);
      this.status = value.status;
      this.expect(value.pending === true);
    } else if (type === "message" && value?.id) {
      const seq = value.seq ?? Number(id);
      const gap = seq > this.cursor + 1;
      // After a gap the cursor stays, so that a reconnection would bring what is missing too.
      if (!gap) this.cursor = Math.max(this.cursor, seq);
      this.show([value]);
      if (gap) this.catchUp().catch(() => {});
    }
  }

  catchUp() {
    this.reading ??= this.readOn().finally(() => { this.reading = null; });
    return this.reading;
  }

  async readOn() {
    const { conversation } = this;
    try {
      const page = await this.api.messages(conversation, this.cursor);
      if (this.conversation === conversation) this.take(page);
    } catch (error) {
      if (error.kind === "gone") this.lost(conversation);
      throw error;
    }
  }

  // A reading from the cursor on: complete, so the cursor may advance.
  take({ status, pending, messages }) {
    this.cursor = Math.max(this.cursor, ...messages.map((message) => message.seq));
    this.status = status;
    this.screen.mode(status);
    this.show(messages);
    if (pending !== undefined) this.expect(pending);
  }

  show(messages) {
    this.timeline.pending(this.outbox.items());
    const fresh = messages.filter((message) => this.timeline.receive(message));
    const answered = fresh.filter((message) => message.author === "assistant" || message.author === "agent");
    if (answered.length) this.expect(false);
    this.screen.draw(this.timeline.list(), { news: fresh.length > 0 });
    if (fresh.some((message) => message.author !== "citizen")) this.screen.arrived();
  }

  sent(item, message) {
    this.timeline.confirm(item, message);
    // The answer may already be here: events can overtake the POST's answer.
    const answered = this.timeline.list().some((entry) => entry.seq > message.seq && entry.author === "assistant");
    if (!answered && this.status === "bot") {
      this.expect(false); // the twenty seconds begin anew
      this.expect(true);
    }
  }

  refresh() {
    const items = this.outbox.items();
    this.timeline.pending(items);
    this.screen.draw(this.timeline.list());
    clearTimeout(this.countdown);
    if (items.some((item) => item.waiting === "rate" && item.notBefore > Date.now())) {
      this.countdown = setTimeout(() => this.refresh(), 500);
    }
    this.tellProblems(items);
  }

  // The state beside a message is only visible; a screen reader hears of trouble once, here.
  tellProblems(items) {
    this.told ??= new Set();
    for (const item of items) {
      const rate = item.waiting === "rate" && item.notBefore > Date.now();
      const key = `${item.client_id} ${item.state} ${rate && item.notBefore}`;
      if ((!rate && item.state !== "failed") || this.told.has(key)) continue;
      this.told.add(key);
      const left = Math.ceil((item.notBefore - Date.now()) / 1000);
      this.screen.announce(item.state === "failed"
        ? `Su mensaje no se envió. ${item.reason ?? ""}`
        : `Va muy rápido; enviaré su mensaje en ${left} segundos.`);
    }
  }

  // An answer is being made, or no longer.
  expect(pending) {
    if (pending === this.expecting) return; // "slow" must not fall back to "writing"
    this.expecting = pending;
    clearTimeout(this.slow);
    this.screen.typing(pending ? "yes" : "");
    if (!pending) return;
    this.slow = setTimeout(() => {
      this.screen.typing("slow");
      if (this.conversation) this.catchUp().catch(() => {}); // in case the stream is held back
    }, SLOW_MS);
  }
}
