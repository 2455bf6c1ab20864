// What was said in another language: asked for when it comes into sight, one after the other, so
// that a long conversation is not translated for nobody.
const waiting = [];
let isBusy = false;

export function installTranslations() {
  const messages = document.getElementById("messages");
  if (!messages) return;
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      ask(target);
    }
  });
  const look = () => {
    for (const place of messages.querySelectorAll("[data-translation]:not([data-looked])")) {
      place.dataset.looked = "";
      sight.observe(place);
    }
  };
  new MutationObserver(look).observe(messages, { childList: true });
  messages.addEventListener("click", (event) => {
    const button = event.target.closest("[data-translates]");
    if (button) ask(button.closest("[data-translation]"));
  });
  look();
}

function ask(place) {
  if (waiting.includes(place)) return;
  waiting.push(place);
  place.setAttribute("aria-busy", "true");
  next();
}

async function next() {
  if (isBusy || !waiting.length) return;
  isBusy = true;
  const place = waiting[0];
  // What a lost network leaves out can be asked for again with the button.
  const answer = await fetch(place.dataset.translation).catch(() => null);
  if (answer?.ok) show(place, await answer.text());
  place.removeAttribute("aria-busy");
  waiting.shift();
  isBusy = false;
  next();
}

// Whoever reads the end goes on reading the end.
function show(place, html) {
  const messages = document.getElementById("messages");
  const isAtEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 60;
  place.innerHTML = html;
  if (isAtEnd) messages.scrollTop = messages.scrollHeight;
}
