// Runs before the first paint, blocking: a page must not flash in the wrong theme or be announced in the wrong language.
// The app (theme.ts, i18n.ts) owns these two values and writes them; here they are only read.
(function () {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be refused altogether; then the system's theme holds.
  }
  const language = /(?:^|; )language=([A-Za-z-]+)/.exec(document.cookie);
  if (language) root.lang = language[1];
})();
