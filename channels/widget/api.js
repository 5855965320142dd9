// The four calls of the web chat. Every failure becomes one ApiError whose `kind` says what to do:
// network and server: try again; rate: wait; gone: the conversation is no longer ours;
// refused: show the reason.

const BASE = "/api/v1/conversations";
const TIMEOUT_MS = 20000;

export class ApiError extends Error {
  constructor(kind, { status = 0, detail = "", retryAfter = 0 } = {}) {
    super(detail || kind);
    Object.assign(this, { kind, status, detail, retryAfter });
  }
}

export class Api {
  // `health` is told after each request whether the service answered.
  constructor(health) {
    this.health = health;
  }

  create() {
    return this.json("", { method: "POST", body: "{}" });
  }

  messages(conversation, after) {
    return this.json(`/${encodeURIComponent(conversation.id)}/messages?after=${after}`, { token: conversation.token });
  }

  send(conversation, body) {
    return this.json(`/${encodeURIComponent(conversation.id)}/messages`, {
      method: "POST", token: conversation.token, body: JSON.stringify(body),
    });
  }

  // Answers with the open response; the caller reads it and aborts it.
  events(conversation, cursor, signal) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(cursor) };
    return this.request(`/${encodeURIComponent(conversation.id)}/events`, { token: conversation.token, headers, signal })
      .catch((error) => {
        // Our own reconnecting aborts requests; that says nothing about the service.
        if (error.kind === "network" && !signal.aborted) this.health.fails();
        throw error;
      });
  }

  async json(path, options) {
    // Not AbortSignal.timeout: older telephones lack it.
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const response = await this.request(path, { ...options, signal: controller.signal });
      return await response.json();
    } catch (error) {
      if (error instanceof ApiError && error.kind !== "network") throw error;
      this.health.fails(); // refused, too slow, cut in the body, or not JSON: a proxy's page
      throw new ApiError("network");
    } finally {
      clearTimeout(timer);
    }
  }

  async request(path, { method = "GET", token, body, headers = {}, signal }) {
    if (token) headers = { ...headers, Authorization: `Bearer ${token}` };
    if (body) headers = { ...headers, "Content-Type": "application/json" };
    let response;
    try {
      response = await fetch(BASE + path, { method, headers, body, signal, cache: "no-store", credentials: "omit" });
    } catch {
      throw new ApiError("network");
    }
    if (response.ok) {
      this.health.works();
      return response;
    }
    throw await this.failure(response);
  }

  async failure(response) {
    const { status } = response;
    const retryAfter = seconds(response.headers.get("Retry-After"));
    const problem = await response.json().catch(() => ({}));
    const detail = typeof problem.detail === "string" ? problem.detail : problem.title;
    if (status >= 500) this.health.fails();
    else this.health.works();
    return new ApiError(kindOf(status), { status, retryAfter, detail: typeof detail === "string" ? detail : "" });
  }
}

function kindOf(status) {
  if (status >= 500 || status === 408 || status === 425) return "server";
  if (status === 429) return "rate";
  if (status === 401 || status === 404) return "gone";
  return "refused";
}

// Retry-After is a number of seconds or a date.
function seconds(value) {
  if (!value) return 0;
  const number = Number(value);
  if (Number.isFinite(number)) return Math.max(0, number);
  return Math.max(0, (Date.parse(value) - Date.now()) / 1000) || 0;
}
