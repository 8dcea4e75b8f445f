import { enableHistorySync } from "nuqs/adapters/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startI18n } from "./i18n/setup.ts";
import "./styles.css";

// The router changes the address too; the filters must notice.
enableHistorySync();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root element.");

await startI18n();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
