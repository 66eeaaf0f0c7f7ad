// Before the first paint: the width of the menu, and which scheme this browser shows, so that the
// server draws charts in it. Theme itself comes from the server.
(() => {
  const root = document.documentElement;
  if (document.cookie.includes("nav=small")) root.dataset.nav = "small";
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.scheme = dark ? "dark" : "light";
  document.cookie = `scheme=${root.dataset.scheme}; path=/; max-age=31536000; samesite=lax`;
})();
