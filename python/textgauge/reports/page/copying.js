// Buttons that copy what stands somewhere in the page.

function setUpCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const done = await copyText(byId(button.dataset.copy).textContent);
      const label = button.textContent;
      button.textContent = done ? "Copied" : "Cannot copy";
      button.disabled = true;
      setTimeout(() => {
        button.textContent = label;
        button.disabled = false;
        button.focus();
      }, 1200);
    });
  }
}

// The clipboard's own way is only for pages from a server; the old way works for files too.
async function copyText(text) {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // The browser may forbid it; then there is still the old way.
    }
  }
  const area = make("textarea", { style: "position:fixed;opacity:0" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
