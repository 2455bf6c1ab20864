// Single letters do what their labels say, unless somebody writes or has switched them off.

const STORED = "civic-desk-keys";

export function installKeys() {
  const choice = document.getElementById("keys-on");
  choice.checked = localStorage.getItem(STORED) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(STORED, choice.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(event.target);
    const writes = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (writes || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (!choice.checked && event.key !== "?") return;
    if (act(event.key)) event.preventDefault();
  });
}

function act(key) {
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "b") return read();
  if (key === "l" && document.querySelector(".row")) return step(0);
  const target = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key === key && !one.disabled && (one.offsetParent || one.closest("details.menu")),
  );
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  if (target.matches("summary")) target.parentElement.querySelector("div button, select, textarea")?.focus();
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll(".row")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const open = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const from = at >= 0 ? at : open;
  const next = by === 0 || from < 0 ? Math.max(open, 0) : (from + by + rows.length) % rows.length;
  rows[next].focus();
  return true;
}

function read() {
  const briefing = document.getElementById("briefing");
  if (!briefing) return false;
  const fold = briefing.querySelector("details");
  if (fold) fold.open = true;
  briefing.focus();
  briefing.scrollIntoView({ block: "start" });
  return true;
}

function leave(target) {
  const menu = target.closest("details.menu");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (target.matches("input, textarea, select")) target.blur();
}
