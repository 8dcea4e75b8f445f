// Starts i18next with both catalogues and the reader's language: ?lang=, then the stored choice, then the browser's.
import { changeLanguage, use as register } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../lib/format.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

const STORAGE_KEY = "aftersight.language";

export function initialLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? readStored() ?? navigator.language;
  return asked.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null; // Storage is blocked: the choice lasts for the visit only.
  }
}

/** Changes the page's language, remembers it and keeps an explicit `?lang=` in step. */
export async function chooseLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // See readStored.
  }
  const url = new URL(location.href);
  if (url.searchParams.has("lang")) {
    url.searchParams.set("lang", language);
    history.replaceState(history.state, "", url);
  }
  applyLanguage(language);
  await changeLanguage(language);
}

function applyLanguage(language: Language): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export async function startI18n(): Promise<void> {
  const language = initialLanguage();
  applyLanguage(language);
  await register(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
