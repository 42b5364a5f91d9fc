// Light and dark.

const redraws = [];

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setUpTheme() {
  const button = byId("theme");
  const changed = () => {
    button.setAttribute("aria-pressed", isDark());
    for (const redraw of redraws) redraw();
  };
  button.setAttribute("aria-label", "Dark colours");
  button.setAttribute("aria-pressed", isDark());
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

// A colour of the style as it is now.
function colour(name) {
  const probe = make("span", { style: `color: var(--${name})`, hidden: true });
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
