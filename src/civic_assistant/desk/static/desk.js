// The desk's page: forms without a reload, shortcuts, menus, and what the server pushes.
import { copyText, insertFrom, openMail } from "./text.js";
import { sendForm } from "./forms.js";
import { installKeys } from "./keys.js";
import { installStream } from "./stream.js";
import { installDraft } from "./draft.js";
import { installSound } from "./sound.js";
import { sumUpIfTaken } from "./summary.js";
import { installTranslations } from "./translation.js";

const byId = (id) => document.getElementById(id);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-live], [data-into]")) {
    event.preventDefault();
    sendForm(form, event.submitter);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.opens) byId(button.dataset.opens).showModal();
  if (button?.dataset.inserts) insertFrom(byId(button.dataset.inserts), byId(button.dataset.target));
  if (button?.dataset.empties) byId(button.dataset.empties).replaceChildren();
  if (button?.dataset.copies) copyText(button, byId(button.dataset.copies));
  if (button?.dataset.mails) openMail(byId(button.dataset.subject), byId(button.dataset.mails));
  if (button && "prints" in button.dataset) printPage(button.dataset.prints);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const area = event.target.closest("textarea");
  if (area && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    area.form?.requestSubmit();
  } else if (area && "submits" in area.dataset && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    area.form.requestSubmit();
  }
});

function printPage(part) {
  const letter = part && byId(part);
  document.body.classList.toggle("print-letter", Boolean(letter));
  let copy = null;
  if (letter) {
    copy = document.createElement("pre");
    copy.className = "letter-copy";
    copy.textContent = letter.value;
    document.body.append(copy);
  }
  window.print();
  copy?.remove();
  document.body.classList.remove("print-letter");
}

function tick() {
  for (const time of document.querySelectorAll("time[data-since]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 60_000));
    const hours = Math.floor(minutes / 60);
    const text = hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")}` : `${minutes} min`;
    time.lastChild.textContent = ` ${text}`;
    time.classList.toggle("long", minutes >= 10);
  }
}

installKeys();
installSound();
installDraft();
installStream(tick);
installTranslations();
sumUpIfTaken();
tick();
setInterval(tick, 20_000);
