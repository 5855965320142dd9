// The one script a page includes. It adds a launcher button and, on first opening, an iframe
// from this script's own origin. Everything lives in a shadow root so that the page's CSS cannot
// reach it, nor ours the page. Attributes: data-open ("" or "wide"), data-position="left".
(() => {
  "use strict";

  const script = document.currentScript;
  const mark = Symbol.for("conocer.orienta.widget");
  if (!script || window[mark]) return; // included twice: the first one is enough
  window[mark] = true;

  const ORIGIN = new URL(script.src, location.href).origin;
  const WIDE = "(min-width: 1024px)";
  const PATIENCE_MS = 12000; // how long the panel may take before we say it is not answering

  const CSS = `
    .right, .left { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
    * { box-sizing: border-box; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    [hidden] { display: none !important; }
    .launcher, .panel { position: fixed; z-index: 2147483000; right: 20px; }
    .left .launcher, .left .panel { right: auto; left: 20px; }
    .launcher {
      bottom: 20px; width: 60px; height: 60px; padding: 0; border: 2px solid #fff; border-radius: 50%;
      background: #611232; color: #fff; cursor: pointer; box-shadow: 0 2px 10px rgba(0, 0, 0, .35);
    }
    .launcher:hover { background: #4a0d26; }
    .launcher:focus-visible, .retry:focus-visible { outline: 3px solid #a57f2c; outline-offset: 3px; }
    .launcher svg { width: 28px; height: 28px; display: block; margin: auto; pointer-events: none; }
    .dot { position: absolute; top: -2px; right: -2px; width: 16px; height: 16px; border: 2px solid #fff; border-radius: 50%; background: #e6d194; }
    .panel {
      bottom: 92px; width: 400px; height: 640px; max-height: calc(100vh - 112px); max-width: calc(100vw - 40px);
      overflow: hidden; border: 1px solid #611232; border-radius: 10px; background: #fff; color: #1d1a1b;
      box-shadow: 0 6px 28px rgba(0, 0, 0, .3);
    }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; visibility: hidden; }
    .ready iframe { visibility: visible; }
    .wait { padding: 24px; margin: 0; }
    .retry { margin: 0 24px; min-height: 44px; padding: 8px 16px; border: 0; border-radius: 6px; background: #611232; color: #fff; font: inherit; cursor: pointer; }
    @media (max-width: 479px), (max-height: 479px) {
      .panel, .left .panel { inset: 0; width: auto; height: auto; max-width: none; max-height: none; border: 0; border-radius: 0; }
      .launcher[aria-expanded="true"] { z-index: 2147483001; }
      /* The panel's own close button takes over, but only once we know that it is there. */
      .ready .launcher[aria-expanded="true"] { display: none; }
    }
    @media (prefers-color-scheme: dark) { .panel { background: #171315; color: #f3eef0; } }
    @media (forced-colors: active) { .dot { background: Highlight; } }
    @media print { .launcher, .panel { display: none; } }
  `;

  // Built node by node: pages that require Trusted Types refuse innerHTML.
  function element(name, attributes = {}, ...children) {
    const svg = name === "svg" || name === "path";
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  function icon(path) {
    return element("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": "2" },
      element("path", { d: path, "stroke-linecap": "round", "stroke-linejoin": "round" }));
  }

  function addStyle(root) {
    try {
      // Not counted as an inline style, so a strict page CSP allows it.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(element("style", {}, CSS)); // browsers without constructable sheets
    }
  }

  function install() {
    // Included twice, either copy may run first; the attributes count wherever they stand.
    const copies = [script, ...document.scripts].filter((other) => other.src === script.src);
    const setting = (name) => copies.map((other) => other.dataset[name]).find((value) => value !== undefined);

    const host = element("orienta-chat", { lang: "es-MX" });
    // Inline !important beats any rule of the page, even "* { display: none !important }".
    host.style.setProperty("all", "initial", "important");
    host.style.setProperty("display", "block", "important");
    const root = host.attachShadow({ mode: "open" });
    addStyle(root);

    const bubble = icon("M4 5h16v11H9l-5 4z M8 9h8 M8 12.5h5");
    const cross = icon("M6 6l12 12 M18 6L6 18");
    const dot = element("span", { class: "dot", hidden: "" });
    const launcher = element("button", {
      class: "launcher", type: "button", "aria-label": "Abrir el chat de CONOCER",
      "aria-expanded": "false", "aria-controls": "panel",
    }, bubble, cross, dot);
    const notice = element("p", { class: "hidden", role: "status" });
    const waiting = element("p", { class: "wait", role: "status" });
    const retry = element("button", { class: "retry", type: "button", hidden: "" }, "Reintentar");
    const panel = element("div", { class: "panel", id: "panel", hidden: "" }, waiting, retry);
    const frameOfAll = element("div", { class: setting("position") === "left" ? "left" : "right" }, launcher, panel, notice);
    root.append(frameOfAll);
    // Beside <body>, not in it: a transform on the body would capture position: fixed.
    document.documentElement.append(host);

    let iframe = null;
    let ready = false;
    let wantsFocus = false;
    let patience = 0;

    const isOpen = () => !panel.hidden;
    const tell = (message) => iframe && iframe.contentWindow && iframe.contentWindow.postMessage(message, ORIGIN);

    function load() {
      waiting.textContent = "Abriendo el chat…";
      retry.hidden = true;
      iframe = element("iframe", { title: "Chat de CONOCER", src: `${ORIGIN}/widget/` });
      panel.append(iframe);
      patience = setTimeout(fail, PATIENCE_MS);
    }

    function fail() {
      // Without this a person on a telephone would face a browser error page with no way out.
      iframe.remove();
      iframe = null;
      waiting.textContent = "No podemos conectar con el servicio. Intente más tarde o llame al 55 2282 0200.";
      retry.hidden = false;
    }

    function paint() {
      const open = isOpen();
      launcher.setAttribute("aria-expanded", String(open));
      bubble.style.display = open ? "none" : "";
      cross.style.display = open ? "" : "none";
    }

    function showUnread(unread) {
      dot.hidden = !unread;
      notice.textContent = unread ? "Tiene mensajes nuevos en el chat de CONOCER." : "";
    }

    function open(focus) {
      panel.hidden = false;
      wantsFocus = focus;
      showUnread(false);
      paint();
      if (!iframe) load();
      else if (ready) enter();
    }

    function enter() {
      if (wantsFocus) iframe.focus();
      tell({ orienta: "open", focus: wantsFocus });
    }

    function close(returnFocus) {
      panel.hidden = true;
      paint();
      tell({ orienta: "closed" });
      if (returnFocus) launcher.focus();
    }

    launcher.addEventListener("click", () => (isOpen() ? close(true) : open(true)));
    retry.addEventListener("click", () => { launcher.focus(); wantsFocus = true; load(); });
    frameOfAll.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen()) close(true); // focus on the launcher; the panel sends its own
    });

    window.addEventListener("message", (event) => {
      if (event.origin !== ORIGIN || !iframe || event.source !== iframe.contentWindow) return;
      const kind = event.data && event.data.orienta;
      if (kind === "ready") {
        clearTimeout(patience);
        ready = true;
        waiting.textContent = "";
        frameOfAll.classList.add("ready");
        if (isOpen()) enter();
        else tell({ orienta: "closed" });
      } else if (kind === "close" && isOpen()) {
        close(true);
      } else if (kind === "unread" && !isOpen()) {
        showUnread(true);
      }
    });

    paint();
    const start = setting("open");
    const startOpen = start === "wide" ? matchMedia(WIDE).matches : start !== undefined && start !== "false";
    if (startOpen) open(false); // nobody asked for it: the page keeps the focus
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", install, { once: true });
  else install();
})();
