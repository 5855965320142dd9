// Puts the pieces of the panel together.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { Frame } from "./frame.js";
import { Health } from "./health.js";
import { View } from "./view.js";

const MODES = {
  bot: "Asistente automático",
  waiting: "En espera de una persona",
  human: "Le atiende una persona",
  closed: "Conversación terminada",
};
const TYPING = { "": "", yes: "El asistente está escribiendo…", slow: "Está tardando más de lo normal…" };

const $ = (id) => document.getElementById(id);
const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };

const frame = new Frame({
  onOpen(focus) {
    shown = true;
    if (focus) composer.focus();
  },
  onClosed() { shown = false; },
});
let shown = !frame.embedded;

const view = new View({
  log: $("log"),
  newer: $("newer"),
  onChoose({ title, payload }) {
    chat.say({ payload, title });
    composer.focus(); // the pressed button has gone
    view.toEnd();
  },
  onEdit(clientId, text) {
    chat.outbox.discard(clientId);
    composer.prepend(text);
  },
  onDiscard(clientId) {
    chat.outbox.discard(clientId);
    composer.focus();
  },
});

const chat = new Chat({
  health: new Health($("banner")),
  screen: {
    filling: (on) => view.filling(on),
    clear: () => view.clear(),
    draw: (entries, options) => view.draw(entries, options),
    note: (text) => view.note(text),
    mode: (status) => say($("mode"), MODES[status] ?? MODES.bot),
    typing: (state) => {
      say($("typing"), TYPING[state]);
      $("typing").dataset.state = state;
    },
    announce: (text) => say($("announce"), text),
    arrived: () => { if (!shown) frame.unread(); },
  },
});

const composer = new Composer({
  form: $("composer"),
  text: $("text"),
  hint: $("hint"),
  onSend(text) {
    chat.say({ text });
    view.toEnd();
  },
});

$("close").hidden = !frame.embedded;
$("close").addEventListener("click", () => frame.close());
document.addEventListener("keydown", (event) => {
  // In the dialog Escape closes the dialog; while composing it drops the word.
  if (event.key === "Escape" && !event.isComposing && !$("confirm").open) frame.close();
});

$("renew").addEventListener("click", () => {
  const unsent = chat.hasUnsent() ? " Sus mensajes sin enviar se perderán." : "";
  $("confirm-text").textContent = `Ya no verá la conversación actual en este navegador.${unsent}`;
  $("confirm").returnValue = "no"; // Escape keeps the last value
  $("confirm").showModal();
});
$("confirm").addEventListener("close", () => {
  if ($("confirm").returnValue !== "yes") return;
  view.clear();
  chat.renew();
  composer.focus();
});

chat.start();
frame.ready();
