// Keeps the event stream of one conversation open: reconnects from the last event seen, notices a
// silent line, and reads by polling while streaming does not work (some networks hold it back).

import { EventParser } from "./sse.js";
import { backoff, Pause } from "./pause.js";

const FIRST_BYTE_MS = 20000; // the server speaks at least every 15 s
const SILENCE_MS = 40000;
const STALE_MS = 20000;
const SETTLED_MS = 2000; // a connection that dies sooner counts as a failure
const POLL_MS = 3000;
const POLL_AFTER = 3;
const HIDDEN_MS = 60000;

export class Stream {
  // onEvent({type, data, id}), poll(): read what is missing, onGone(), onAlive().
  constructor({ api, conversation, cursor, onEvent, poll, onGone, onAlive }) {
    Object.assign(this, { api, conversation, cursor, onEvent, poll, onGone, onAlive });
    this.pause = new Pause();
    this.pollPause = new Pause();
    this.failures = 0;
    this.stopped = false;
    this.heardAt = 0;
    this.listeners = new AbortController();
  }

  start() {
    const { signal } = this.listeners;
    window.addEventListener("online", () => this.reconnect(), { signal });
    // The line may be dead without our noticing: ask at once.
    window.addEventListener("offline", () => this.reconnect(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.reconnect(), { signal });
    document.addEventListener("visibilitychange", () => this.visibility(), { signal });
    this.run();
  }

  stop() {
    this.stopped = true;
    this.listeners.abort();
    clearTimeout(this.hiddenTimer);
    this.reconnect();
  }

  reconnect() {
    this.urgent = true;
    this.request?.abort();
    this.wake();
  }

  // The service answers elsewhere: no need to sit out the back-off.
  wake() {
    this.pause.wake();
    this.pollPause.wake();
  }

  visibility() {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      // A browser opens six connections to a server: forgotten tabs must not use them all up.
      this.hiddenTimer = setTimeout(() => { this.resting = true; this.reconnect(); }, HIDDEN_MS);
    } else if (this.resting || Date.now() - this.heardAt > STALE_MS) {
      this.resting = false;
      this.reconnect();
    }
  }

  async run() {
    while (!this.stopped) {
      if (this.resting) {
        await this.pause.wait(3600000);
        continue;
      }
      const began = Date.now();
      this.urgent = false;
      const retryAfter = await this.once();
      if (this.stopped) return;
      if (this.urgent) {
        await this.pause.wait(100 + 200 * Math.random());
        continue; // we cut it ourselves: no failure
      }
      this.failures = this.heardAt >= began && Date.now() - began > SETTLED_MS ? 0 : this.failures + 1;
      if (this.failures >= POLL_AFTER) this.startPolling();
      // Jitter: after a restart of the server not everyone comes in the same instant.
      const base = this.failures === 0 ? 500 : backoff(this.failures);
      await this.pause.wait(Math.max(base * (0.5 + Math.random() / 2), retryAfter * 1000));
    }
  }

  // One connection, until it ends. Answers with the seconds the server asked us to stay away.
  async once() {
    const request = new AbortController();
    this.request = request;
    let watchdog = setTimeout(() => request.abort(), FIRST_BYTE_MS);
    let settled = 0;
    const parser = new EventParser((event) => this.stopped || this.onEvent(event));
    try {
      const response = await this.api.events(this.conversation, this.cursor(), request.signal);
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 0;
        this.heardAt = Date.now();
        if (!settled) {
          this.onAlive();
          settled = setTimeout(() => { this.failures = 0; this.pollPause.wake(); }, SETTLED_MS);
        }
        clearTimeout(watchdog);
        watchdog = setTimeout(() => request.abort(), SILENCE_MS);
        parser.push(value);
      }
    } catch (error) {
      if (error.kind === "gone" && !this.stopped) {
        this.stop();
        this.onGone(this.conversation);
      }
      return error.retryAfter ?? 0;
    } finally {
      clearTimeout(watchdog);
      clearTimeout(settled);
      request.abort(); // closes the line also when the parser or a listener threw
    }
  }

  async startPolling() {
    if (this.polling) return;
    this.polling = true;
    while (!this.stopped && !this.resting && this.failures >= POLL_AFTER) {
      await this.poll().catch(() => {}); // its failure is already on the banner
      await this.pollPause.wait(POLL_MS);
    }
    this.polling = false;
  }
}
