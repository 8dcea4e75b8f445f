// The one door to the server: JSON in and out, the session renewed once when it has run out, errors a page can show.

export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }

  /** No published data yet, or the server is still starting. */
  get isNoData(): boolean {
    return this.status === 503;
  }
}

/** Serving the page sets the session cookie; asking for it again renews the session without a reload. */
const SESSION_PATH = import.meta.env.DEV ? "/__session" : "/";

export async function requestJson(path: string, init: RequestInit = {}): Promise<unknown> {
  let response = await send(path, init);
  if (response.status === 401 || response.status === 403) {
    await send(SESSION_PATH, { headers: { accept: "text/html" }, signal: init.signal ?? null });
    response = await send(path, init);
  }
  const body = await readJson(response);
  if (!response.ok) throw new ApiError(errorText(body) ?? `HTTP ${response.status}`, response.status);
  return body;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("The server does not answer.", 0, { cause });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === "" ? null : JSON.parse(text);
  } catch (cause) {
    if (!response.ok) return null;
    throw new ApiError("The server's answer is not JSON.", response.status, { cause });
  }
}

/** The `error` text of a failed answer, wherever the server put it. */
export function errorText(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  if ("error" in body && typeof body.error === "string") return body.error;
  if ("message" in body && typeof body.message === "string") return body.message;
  return null;
}
