// Draws the timeline. Text goes in as textContent only; nothing of what people or the server write
// is ever parsed as HTML. Elements are reused by key, because a screen reader announces each
// addition to the log and must hear every message once.

import { longDate, shortTime, webUrl } from "./format.js";

const AUTHORS = { citizen: "Usted:", assistant: "Asistente:", agent: "Persona que le atiende:", system: "Aviso:" };
const NEAR_END = 60;
const MARGIN = 12;

export class View {
  // onChoose(button), onEdit(clientId, text), onDiscard(clientId)
  constructor({ log, newer, onChoose, onEdit, onDiscard }) {
    Object.assign(this, { log, newer, onChoose, onEdit, onDiscard });
    this.elements = new Map();
    this.stuck = true;
    this.readFrom = null; // the first element the reader has not had the time to read
    log.addEventListener("scroll", () => {
      this.stuck = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
      if (!this.stuck) return;
      this.readFrom = null;
      newer.hidden = true;
    }, { passive: true });
    // The on-screen keyboard shortens the log: the last message must stay in sight.
    new ResizeObserver(() => this.stuck && this.follow()).observe(log);
    newer.addEventListener("click", () => {
      this.toEnd();
      log.focus({ preventScroll: true }); // the button vanishes; focus must not fall to the page
    });
  }

  // While filling with old messages the log is silent.
  filling(on) {
    this.silent = on;
    this.log.setAttribute("aria-busy", String(on));
    clearTimeout(this.livening);
    if (on) this.log.setAttribute("aria-live", "off");
    // Later, or some screen readers still read all that came while it was off.
    else this.livening = setTimeout(() => this.log.setAttribute("aria-live", "polite"), 300);
  }

  clear() {
    this.log.replaceChildren();
    this.elements.clear();
    this.newer.hidden = true;
    this.stuck = true;
    this.readFrom = null;
  }

  note(text) {
    this.log.append(element("p", "note", text));
  }

  toEnd() {
    this.stuck = true;
    this.readFrom = null;
    this.newer.hidden = true;
    this.follow();
  }

  // To the end, but an answer taller than the log is read from its start.
  follow() {
    const { log, readFrom } = this;
    log.scrollTop = Math.min(log.scrollHeight, readFrom ? readFrom.offsetTop - MARGIN : Infinity);
  }

  // `news`: something came from the other side, worth telling a reader who scrolled up.
  draw(entries, { news = false } = {}) {
    const { stuck } = this;
    const keys = new Set(entries.map((entry) => entry.key));
    for (const [key, drawn] of this.elements) {
      if (keys.has(key)) continue;
      drawn.root.remove();
      this.elements.delete(key);
      if (this.readFrom === drawn.root) this.readFrom = null;
    }
    let previous = null;
    let fresh = null;
    for (const entry of entries) {
      const known = this.elements.get(entry.key);
      const drawn = known ?? this.build(entry);
      if (!known && entry.author !== "citizen") fresh ??= drawn.root;
      this.update(drawn, entry);
      this.place(drawn.root, previous);
      previous = drawn.root;
    }
    this.offer(entries);
    if (stuck && fresh && !this.silent) this.readFrom ??= this.startOf(fresh);
    if (stuck) this.follow();
    else if (news) this.newer.hidden = false;
  }

  // A short question is read along with its answer.
  startOf(fresh) {
    const before = fresh.previousElementSibling;
    const question = before?.dataset.author === "citizen" && before.offsetHeight < this.log.clientHeight / 3;
    return question ? before : fresh;
  }

  place(root, previous) {
    // Moving an element is an addition to a screen reader, so only when it is out of place.
    let next = previous ? previous.nextElementSibling : this.log.firstElementChild;
    while (next && !next.dataset.key && next !== root) next = next.nextElementSibling; // notes stay
    if (next === root) return;
    if (next) next.before(root);
    else this.log.append(root);
  }

  build(entry) {
    const root = element("div", `message ${entry.author in AUTHORS ? entry.author : "system"}`);
    root.dataset.key = entry.key;
    root.dataset.author = entry.author;
    const bubble = element("div", "bubble");
    // "Persona" is told to everyone, not only to screen readers: who answers matters.
    bubble.append(element("p", entry.author === "agent" ? "author" : "author hidden", AUTHORS[entry.author] ?? AUTHORS.system));
    const text = element("p", "text", entry.text);
    bubble.append(text);
    if (entry.sources.length) bubble.append(sources(entry.sources));
    const time = element("time", "", shortTime(entry.createdAt));
    const state = document.createTextNode("");
    const meta = element("p", "meta");
    meta.append(time, state);
    root.append(bubble, meta);
    const drawn = { root, text, time, state, meta, shownAs: null };
    this.elements.set(entry.key, drawn);
    return drawn;
  }

  update(drawn, entry) {
    const { root } = drawn;
    if (entry.id) root.dataset.id = entry.id;
    if (entry.seq !== undefined) root.dataset.seq = entry.seq;
    if (drawn.text.textContent !== entry.text) drawn.text.textContent = entry.text;
    if (drawn.time.dateTime !== entry.createdAt) {
      drawn.time.dateTime = entry.createdAt;
      drawn.time.textContent = shortTime(entry.createdAt);
    }
    if (entry.author !== "citizen") return;
    root.dataset.state = entry.state;
    const words = stateWords(entry);
    // Changing the text node's data is no addition: the countdown is not read aloud every second.
    if (drawn.state.data !== words) drawn.state.data = words;
    if (drawn.shownAs === entry.state) return;
    drawn.shownAs = entry.state;
    root.querySelector(".remedy")?.remove();
    if (entry.state === "failed") root.append(this.remedy(entry));
  }

  remedy(entry) {
    const group = element("div", "remedy");
    if (entry.draft) group.append(button("Corregir", () => this.onEdit(entry.clientId, entry.draft)));
    group.append(button("Quitar", () => this.onDiscard(entry.clientId)));
    return group;
  }

  // Buttons belong to the last group of messages of the assistant; once something else follows, the
  // question they answered is over.
  offer(entries) {
    let last = null;
    for (let i = entries.length - 1; i >= 0; i--) {
      const { author, buttons } = entries[i];
      if (author === "citizen" || author === "agent") break;
      if (author === "assistant" && buttons.length) { last = entries[i]; break; }
    }
    for (const old of this.log.querySelectorAll(".options")) {
      if (!last || old.parentElement.dataset.key !== last.key) old.remove();
    }
    if (!last) return;
    const { root } = this.elements.get(last.key);
    if (root.querySelector(".options")) return;
    const group = element("div", "options");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Opciones para responder");
    for (const option of last.buttons) group.append(button(option.title, () => this.onChoose(option)));
    root.append(group);
  }
}

function stateWords({ state, reason, notBefore }) {
  if (state === "sending") return " · enviando…";
  if (state === "failed") return ` · no se envió${reason ? `: ${reason}` : ""}`;
  if (state === "sent") return " · enviado";
  const left = Math.max(1, Math.ceil((notBefore - Date.now()) / 1000));
  return ` · Va muy rápido; enviaré su mensaje en ${left} ${left === 1 ? "segundo" : "segundos"}`;
}

function sources(list) {
  const ul = element("ul", "sources");
  for (const { title, url, as_of } of list) {
    const li = element("li", "", "Fuente: ");
    const href = webUrl(url);
    if (href) {
      const link = element("a", "", title || href);
      Object.assign(link, { href, target: "_blank", rel: "noopener noreferrer" });
      link.setAttribute("aria-describedby", "new-window");
      li.append(link);
    } else {
      li.append(title || "CONOCER");
    }
    const date = longDate(as_of);
    if (date) li.append(`, al ${date}`);
    ul.append(li);
  }
  return ul;
}

function element(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function button(title, onClick) {
  const node = element("button", "plain", title);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}
