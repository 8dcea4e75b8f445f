// Runs before the first paint so that a dark page doesn't flash white; a file, because the page's policy forbids inline scripts.
(function () {
  var root = document.documentElement;
  var theme = null;
  var language = null;
  try {
    theme = localStorage.getItem("aftersight.theme");
    language = new URLSearchParams(location.search).get("lang") || localStorage.getItem("aftersight.language");
  } catch {
    // Storage may be blocked: the system's theme and the browser's language serve.
  }
  var dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.lang = (language || navigator.language || "en").toLowerCase().startsWith("zh") ? "zh-CN" : "en";
})();
