// A long conversation is summed up for whoever took it, or got it from another desk; the page is there
// before, and nothing is said if it fails: the button does the same.
import { post, wait } from "./forms.js";

export async function sumUpIfTaken() {
  const form = document.querySelector("form[data-sums-up]");
  const into = document.getElementById("summary");
  const isMine = document.querySelector('#state form[action$="/release"]') !== null;
  if (!form || into.childNodes.length || !(isMine || form.dataset.sumsUp === "forwarded")) return;
  const waiting = wait(into, form.dataset.waits);
  const body = new FormData(form);
  body.set("auto", "true");
  const answer = await post(form.getAttribute("action"), body).catch(() => null);
  if (answer?.ok) into.innerHTML = await answer.text();
  else waiting.giveUp();
}
