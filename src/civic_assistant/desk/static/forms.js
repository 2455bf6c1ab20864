// Sending a form without leaving the page; the text stays until it has arrived.

export function tell(text) {
  const alert = document.getElementById("alert");
  alert.textContent = text;
  alert.hidden = !text;
}

export async function post(address, body) {
  return fetch(address, { method: "POST", body, headers: { accept: "application/json" } });
}

export async function sendForm(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const body = new FormData(form, submitter);
  const held = document.activeElement;
  const into = form.dataset.into && document.getElementById(form.dataset.into);
  const waiting = into && wait(into, form.dataset.waits);
  try {
    const answer = await post(form.getAttribute("action"), body);
    if (!answer.ok) {
      tell((await answer.json()).said);
      waiting?.giveUp();
      return;
    }
    tell("");
    if (into) {
      into.innerHTML = await answer.text();
      into.querySelector("button")?.focus();
      return;
    }
    const { location: next } = await answer.json();
    if ("clears" in form.dataset) clear(form, held);
    if (form.id === "reply-form") document.getElementById("suggestion").replaceChildren();
    // On the same page the stream brings what changed, and nothing typed meanwhile is lost.
    if (next && next !== location.pathname) location.assign(next);
  } catch {
    tell(document.documentElement.dataset.failed);
    waiting?.giveUp();
  } finally {
    delete form.dataset.busy;
    into?.removeAttribute("aria-busy");
  }
}

// What takes seconds says so in the place where it will stand; what stood there comes back if it fails.
export function wait(into, text) {
  const before = [...into.childNodes];
  if (text) {
    const line = document.createElement("p");
    line.className = "note waits";
    line.textContent = text;
    into.replaceChildren(line);
  } else into.setAttribute("aria-busy", "true");
  return { giveUp: () => text && into.replaceChildren(...before) };
}

// The focus comes back only to who has not gone elsewhere meanwhile: the next key may be a shortcut.
function clear(form, held) {
  const area = form.querySelector("textarea");
  area.value = "";
  if (document.activeElement === held) area.focus();
  const id = form.querySelector("[name=client_id]");
  if (id) id.value = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
}
