// The text box. What is being written survives a reload, because the page around the chat may
// change under the person's hands.

import { characters } from "./format.js";

const LIMIT = 4000;
const WARN_FROM = 3500;
const DRAFT = "orienta.draft";
const number = new Intl.NumberFormat("es-MX", { useGrouping: "always" });

export class Composer {
  constructor({ form, text, hint, onSend }) {
    Object.assign(this, { form, text, hint, onSend });
    text.value = this.draft() ?? "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    text.addEventListener("input", () => this.changed());
    text.addEventListener("keydown", (event) => {
      // While an input method composes, Enter accepts its word (229: what older engines report).
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    this.changed();
  }

  submit() {
    const text = this.text.value.trim();
    if (!text || this.changed() > LIMIT) return this.focus();
    this.onSend(text);
    this.set("");
  }

  set(value) {
    this.text.value = value;
    this.changed();
    this.focus();
  }

  // A message to correct must not wipe out what is being written.
  prepend(value) {
    this.set([value, this.text.value].filter(Boolean).join("\n"));
  }

  focus() {
    this.text.focus();
  }

  changed() {
    const length = characters(this.text.value.trim());
    this.draft(this.text.value);
    const over = length > LIMIT;
    this.text.setAttribute("aria-invalid", String(over));
    let words = "";
    if (over) words = `Su mensaje tiene ${number.format(length)} caracteres y el máximo es ${number.format(LIMIT)}. Acórtelo o envíelo en dos partes.`;
    else if (length >= WARN_FROM) words = `${number.format(length)} de ${number.format(LIMIT)} caracteres`;
    if (this.hint.textContent !== words) this.hint.textContent = words;
    this.hint.classList.toggle("problem", over);
    return length;
  }

  // Per tab, not shared: two tabs write two messages.
  draft(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(DRAFT);
      if (value) sessionStorage.setItem(DRAFT, value);
      else sessionStorage.removeItem(DRAFT);
    } catch { /* storage blocked: the draft lives as long as the page */ }
    return null;
  }
}
