// A parser of server-sent events as the WHATWG standard describes them. EventSource itself cannot
// send an Authorization header, and a token in the address would end in the logs.

export class EventParser {
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.decoder = new TextDecoder("utf-8"); // keeps the half of an "ñ" that a chunk cut; drops the BOM
    this.rest = "";
    this.skipLineFeed = false;
    this.lastId = "";
    this.clear();
  }

  push(bytes) {
    let text = this.decoder.decode(bytes, { stream: true });
    // A CR closed the last line of the previous chunk; this LF belongs to it.
    if (this.skipLineFeed && text) {
      if (text[0] === "\n") text = text.slice(1);
      this.skipLineFeed = false;
    }
    if (text.endsWith("\r")) this.skipLineFeed = true;
    const lines = (this.rest + text).split(/\r\n|\r|\n/);
    this.rest = lines.pop();
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === "") return this.dispatch();
    if (line[0] === ":") return; // comment: a heartbeat
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value[0] === " ") value = value.slice(1);
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
  }

  dispatch() {
    if (this.data.length) {
      this.onEvent({ type: this.event || "message", data: this.data.join("\n"), id: this.lastId });
    }
    this.clear();
  }

  clear() {
    this.data = [];
    this.event = "";
  }
}
