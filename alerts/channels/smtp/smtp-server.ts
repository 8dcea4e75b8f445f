// The address of an SMTP server with its credentials, read from one URL.
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); else STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

const DEFAULT_PORTS = { "smtp:": 587, "smtps:": 465 } as const;

/**
 * Reads `smtp://user:pass@host:port` or `smtps://…`; user and password are percent-decoded.
 * @throws Error with what is wrong, never with the URL's credentials
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url)
    throw new Error(
      "is not a URL; write smtp://user:password@host:587 (percent-encode special characters such as @ or #)",
    );
  if (url.protocol !== "smtp:" && url.protocol !== "smtps:") throw new Error("must start with smtp:// or smtps://");
  if (!url.hostname) throw new Error("has no host");
  if (url.search || url.hash || (url.pathname && url.pathname !== "/")) {
    throw new Error("has something behind host and port; percent-encode special characters in user and password");
  }
  if (Boolean(url.username) !== Boolean(url.password))
    throw new Error("has a user without password or a password without user");
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port ? Number(url.port) : DEFAULT_PORTS[url.protocol],
    secure: url.protocol === "smtps:",
    auth: url.username ? { user: decode(url.username), pass: decode(url.password) } : null,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("has a % in user or password that is not followed by two hex digits; write %25 for a percent sign");
  }
}
