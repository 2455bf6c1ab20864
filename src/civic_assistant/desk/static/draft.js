// What is being written is kept on the server, and shows the citizen that somebody writes.
import { post } from "./forms.js";

const EVERY = 3000;

export function installDraft() {
  const area = document.querySelector("[data-draft]");
  if (!area) return;
  const csrf = area.form.querySelector("[name=csrf]").value;
  let sent = area.value;
  let waiting = null;
  const save = () => {
    waiting = null;
    if (area.value === sent) return;
    sent = area.value;
    const body = new FormData();
    body.set("csrf", csrf);
    body.set("text", sent);
    post(area.dataset.draft, body).catch(() => {
      sent = null;
    });
  };
  area.addEventListener("input", () => {
    if (area.value.length - (sent ?? "").length === area.value.length && area.value) save();
    waiting ??= setTimeout(save, EVERY);
  });
  area.form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = null;
    sent = "";
  });
}
