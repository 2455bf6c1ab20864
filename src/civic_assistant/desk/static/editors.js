// The editors' pages: a preview while one writes, files dropped, and nothing lost by leaving.

document.documentElement.classList.add("scripted");

const PAUSE = 700;

for (const form of document.querySelectorAll("[data-preview]")) previewWhileWriting(form);
for (const zone of document.querySelectorAll("[data-drop]")) acceptDrops(zone);
for (const form of document.querySelectorAll("[data-guarded]")) guard(form);

function previewWhileWriting(form) {
  const into = document.getElementById(form.dataset.previewInto);
  let waiting = null;
  let newest = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });

  async function show() {
    const mine = ++newest;
    into.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        headers: { accept: "application/json" },
      });
      const html = answer.ok ? await answer.text() : null;
      if (mine === newest && html !== null) into.innerHTML = html;
    } catch {
      // What was typed is safe in the page; the next pause tries again.
    } finally {
      if (mine === newest) into.removeAttribute("aria-busy");
    }
  }
}

function acceptDrops(zone) {
  const input = zone.querySelector("input[type=file]");
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  };
  zone.addEventListener("dragenter", over);
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    const first = new DataTransfer();
    first.items.add(event.dataTransfer.files[0]);
    input.files = first.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}

function guard(form) {
  let isDirty = false;
  form.addEventListener("input", () => (isDirty = true));
  form.addEventListener("submit", () => (isDirty = false));
  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}

for (const part of document.querySelectorAll("[data-run]")) follow(part);

// The page is shown anew when it is over; a connection that fails is tried again.
async function follow(part) {
  const stage = document.getElementById("run-stage");
  const progress = document.getElementById("run-progress");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 800));
    try {
      const answer = await fetch(`/desk/guides/run/${part.dataset.run}`, { headers: { accept: "application/json" } });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) continue;
      const { is_over: isOver, said, done, total } = await answer.json();
      if (isOver) return location.reload();
      if (stage.textContent !== said) stage.textContent = said;
      if (total) {
        progress.max = total;
        progress.value = done;
      } else progress.removeAttribute("value");
    } catch {
      // The server may be starting again.
    }
  }
}
