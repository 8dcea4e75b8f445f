import type { Express } from "express";
import type { Definitions } from "../cube/server/definitions.ts";

/** `GET /api/definitions?lang=zh|en`: the definition cards of every public measure; English unless asked otherwise. */
export function definitionRoutes(app: Express, definitions: Definitions): void {
  app.get("/api/definitions", (request, response) => {
    const language = request.query.lang ?? "en";
    if (language !== "en" && language !== "zh") {
      response.status(400).json({ error: "lang must be zh or en." });
      return;
    }
    response.json(definitions[language]);
  });
}
