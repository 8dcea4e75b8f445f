// Asks the running server's Cube API as the dashboard does: a session cookie, then /load.

export type CubeRow = Record<string, string | boolean | null>;

/** A function that runs one Cube query on the server at `url`. Values are Cube's: numbers as text. */
export async function cubeSession(url: string): Promise<(query: object) => Promise<CubeRow[]>> {
  const page = await fetch(`${url}/`);
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return async (query) => {
    for (;;) {
      const response = await fetch(`${url}/cubejs-api/v1/load`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify({ query }),
      });
      const body = (await response.json()) as { data?: CubeRow[]; error?: string };
      if (body.data) return body.data;
      if (body.error !== "Continue wait") throw new Error(`${response.status}: ${body.error}`);
    }
  };
}
