// What the server pushes: the waiting list, messages, typing, whether the citizen is there.
import { tell } from "./forms.js";
import { ring } from "./sound.js";
import { sumUpIfTaken } from "./summary.js";

const title = document.title;
let waiting = null;
let unread = 0;

export function installStream(tick) {
  const main = document.querySelector("[data-events]");
  if (!main) return;
  const { conversation, after } = main.dataset;
  const query = conversation ? `?conversation=${conversation}&after=${after}` : "";
  const source = new EventSource(main.dataset.events + query);
  source.addEventListener("open", () => tell(""));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) reloadWhenAnswered();
    else setTimeout(() => source.readyState === EventSource.OPEN || tell(document.documentElement.dataset.lost), 3000);
  });
  source.addEventListener("queue", (event) => {
    showList(JSON.parse(event.data));
    tick();
  });
  source.addEventListener("message", (event) => addMessage(JSON.parse(event.data)));
  source.addEventListener("typing", (event) => showTyping(JSON.parse(event.data)));
  source.addEventListener("reached", (event) => showReached(JSON.parse(event.data)));
  source.addEventListener("here", (event) => showHere(JSON.parse(event.data).here));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      unread = 0;
      showTitle(main);
    }
  });
  keepAtEnd();

  function showList({ html, waiting: now, left }) {
    const list = document.getElementById("list");
    const focused = document.activeElement?.closest?.("#list .row")?.dataset.id;
    list.innerHTML = html;
    if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    if (waiting !== null && now > waiting) ring();
    waiting = now;
    const count = document.getElementById("count-waiting");
    count.textContent = now + left;
    count.hidden = now + left === 0;
    showTitle(main);
  }

  function addMessage({ html, role }) {
    const messages = document.getElementById("messages");
    const part = document.createElement("template");
    part.innerHTML = html.trim();
    const added = part.content.firstElementChild;
    if (messages.querySelector(`[data-position="${added.dataset.position}"]`)) return;
    messages.append(added);
    showReached();
    if (isAtEnd || role === "agent") toEnd();
    if (role === "citizen") {
      document.getElementById("typing").textContent = "";
      if (document.hidden) unread += 1;
      ring();
      showTitle(main);
      if (document.querySelector("#briefing [data-unasked]")) refresh("briefing", conversation);
    }
    if (role === "event") refreshState(conversation);
  }
}

// A refused stream (signed out, passed on) is explained by the page itself, once a server answers.
async function reloadWhenAnswered() {
  const answer = await fetch("/desk/sign-in").catch(() => null);
  if (answer?.ok) {
    location.reload();
    return;
  }
  tell(document.documentElement.dataset.lost);
  setTimeout(reloadWhenAnswered, 3000);
}

function showTitle(main) {
  const marks = [unread ? `(${unread})` : "", waiting ? `${waiting} ${main.dataset.soundTitle} ·` : ""];
  document.title = [...marks, title].filter(Boolean).join(" ");
}

let typed = null;
function showTyping({ who }) {
  if (who !== "citizen") return;
  const line = document.getElementById("typing");
  line.textContent = line.dataset.text;
  clearTimeout(typed);
  typed = setTimeout(() => {
    line.textContent = "";
  }, 6000);
}

// How far the citizen's page has come: under each reply stands whether it is there.
let reached = { delivered: 0, seen: 0 };
function showReached(news = reached) {
  reached = news;
  const messages = document.getElementById("messages");
  for (const line of messages.querySelectorAll(".reach")) {
    const position = Number(line.closest("[data-position]").dataset.position);
    const reach = position <= reached.seen ? "seen" : position <= reached.delivered ? "delivered" : "none";
    if (line.dataset.reach === reach) continue;
    line.dataset.reach = reach;
    line.textContent = messages.dataset[reach];
  }
}

function showHere(isHere) {
  const here = document.getElementById("here");
  here.textContent = isHere ? here.dataset.on : here.dataset.off;
  here.classList.toggle("on", isHere);
}

async function refresh(part, conversation) {
  // What a lost network leaves out, the stream brings when it is back.
  const answer = await fetch(`/desk/conversations/${conversation}/${part}`).catch(() => null);
  if (answer?.ok) document.getElementById(part).innerHTML = await answer.text();
  return Boolean(answer?.ok);
}

async function refreshState(conversation) {
  if (!(await refresh("state", conversation))) return;
  const isMine = document.querySelector('#state form[action$="/release"]') !== null;
  document.getElementById("reply-part").hidden = !isMine;
  sumUpIfTaken();
}

// Whoever reads further up is left there; else the end stays in sight, also when a panel opens.
let isAtEnd = true;
function keepAtEnd() {
  const messages = document.getElementById("messages");
  if (!messages) return;
  messages.addEventListener("scroll", () => {
    isAtEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 60;
  });
  new ResizeObserver(() => isAtEnd && toEnd()).observe(messages);
  toEnd();
}

function toEnd() {
  const messages = document.getElementById("messages");
  if (messages) messages.scrollTop = messages.scrollHeight;
}
