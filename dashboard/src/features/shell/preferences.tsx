import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "../../i18n/labels.ts";
import { chooseLanguage } from "../../i18n/setup.ts";
import { Button } from "../../ui/button.tsx";
import { THEMES, useTheme } from "./theme.ts";

/** Language and theme. The language button names the other language in that language. */
export function Preferences() {
  const { t } = useTranslation();
  const language = useLanguage();
  const [theme, setTheme] = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const Icon = theme === "dark" ? Moon : theme === "light" ? Sun : Monitor;
  const other = language === "zh" ? "en" : "zh";
  return (
    <div className="flex items-center gap-1">
      <Button
        quiet
        data-testid="language"
        title={t("app.language")}
        lang={other === "zh" ? "zh-CN" : "en"}
        onClick={() => void chooseLanguage(other)}
      >
        <Languages aria-hidden className="size-4" />
        {other === "zh" ? "中文" : "English"}
      </Button>
      <Button
        quiet
        data-testid="theme"
        className="w-8 px-0"
        aria-label={`${t("app.theme")}: ${t(`app.theme_${theme}`)}`}
        title={`${t("app.theme")}: ${t(`app.theme_${theme}`)}`}
        onClick={() => setTheme(next)}
      >
        <Icon aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
