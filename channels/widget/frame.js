// Talk with the page that embeds us. Any page may, so its origin is learnt from its first message;
// what matters is that it comes from our parent window, and that nothing we say is private.

export class Frame {
  constructor({ onOpen, onClosed }) {
    this.embedded = window.parent !== window;
    this.origin = null;
    if (!this.embedded) return; // opened as a page of its own
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent) return;
      if (this.origin !== null && event.origin !== this.origin) return;
      const kind = event.data?.orienta;
      if (kind !== "open" && kind !== "closed") return;
      this.origin = event.origin;
      if (kind === "open") onOpen(event.data.focus === true);
      else onClosed();
    });
  }

  ready() {
    if (this.embedded) window.parent.postMessage({ orienta: "ready" }, "*"); // we do not know its origin yet
  }

  close() {
    this.tell("close");
  }

  unread() {
    this.tell("unread");
  }

  tell(kind) {
    if (!this.embedded || this.origin === null) return;
    // A page from a file or a sandbox has the origin "null", which cannot be addressed.
    window.parent.postMessage({ orienta: kind }, this.origin === "null" ? "*" : this.origin);
  }
}
