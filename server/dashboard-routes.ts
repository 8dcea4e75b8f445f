// The built dashboard: hashed assets for ever, the page itself never from a cache, so that a new build is seen at once.
import path from "node:path";
import type { KeyObject } from "node:crypto";
import express, { type Express, type RequestHandler } from "express";
import { renewSession } from "./session.ts";

const NOT_PAGES = ["/cubejs-api", "/api", "/readyz", "/livez", "/assets"];

export function dashboardRoutes(app: Express, directory: string, key: KeyObject): void {
  const servePage = page(directory, key);
  // Ahead of the files, so that the page always comes with its session.
  app.get(["/", "/index.html"], servePage);
  app.use(
    "/assets",
    express.static(path.join(directory, "assets"), { maxAge: "1y", immutable: true, index: false, redirect: false }),
  );
  app.use(express.static(directory, { maxAge: 0, index: false, redirect: false }));
  // Not a route pattern: that would refuse addresses which don't decode, and the page says it better.
  app.use((request, response, next) => (request.method === "GET" ? servePage(request, response, next) : next()));
}

/** Every path that is neither a file nor an API is a page of the dashboard, which routes by itself. */
function page(directory: string, key: KeyObject): RequestHandler {
  return (request, response, next) => {
    const reserved = NOT_PAGES.some((prefix) => request.path === prefix || request.path.startsWith(`${prefix}/`));
    // Below the top level a dot belongs to a page's address: a product may be called `A.1`.
    const isFile = /^\/[^/]+\.\w+$/.test(request.path) && request.path !== "/index.html";
    if (reserved || isFile) return next();
    renewSession(key, request, response);
    response.set("Cache-Control", "no-store");
    response.sendFile(
      path.join(directory, "index.html"),
      { cacheControl: false, lastModified: false, etag: false },
      (error) => {
        if (error && !response.headersSent) response.status(503).type("html").send(NOT_BUILT);
      },
    );
  };
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Aftersight</title>
<h1>The dashboard has not been built</h1>
<p>The server runs and its data can be queried, but the folder <code>dashboard/dist</code> holds no page.</p>
<p>Stop the server and run <code>npm start</code>, which builds the dashboard first.</p></html>
`;
