// Does the service answer? Told by each request, believed over navigator.onLine: a laptop with no
// network at all still reaches a server on itself. onLine only chooses the words.

const OFFLINE = "Sin conexión. Sus mensajes se enviarán cuando vuelva.";
const DOWN = "No podemos conectar con el servicio. Reintentando… También puede llamar al 55 2282 0200.";

export class Health {
  constructor(banner) {
    this.banner = banner;
    this.failing = false;
    this.back = () => {}; // called when the service answers again
    window.addEventListener("online", () => this.paint());
    window.addEventListener("offline", () => this.paint());
  }

  works() {
    const wasFailing = this.failing;
    this.failing = false;
    this.paint();
    if (wasFailing) this.back();
  }

  fails() {
    this.failing = true;
    this.paint();
  }

  paint() {
    const text = !this.failing ? "" : navigator.onLine ? DOWN : OFFLINE;
    // The same text again would be read aloud again.
    if (this.banner.textContent !== text) this.banner.textContent = text;
  }
}
