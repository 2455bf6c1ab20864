/* The page around Chainlit: its language, header, welcome, accessible names and live region.
   Runs before Chainlit's own code; the words come from words.js. */
(() => {
  "use strict";
  const { town, townLanguage, questionLength, names, directions, words } = window.civic;

  /* A frame whose storage is blocked throws on access, and Chainlit would then show nothing. */
  const storageWorks = () => {
    try {
      window.localStorage.getItem("civic");
      return true;
    } catch {
      return false;
    }
  };
  if (!storageWorks()) {
    for (const name of ["localStorage", "sessionStorage"]) {
      const kept = new Map();
      const storage = {
        getItem: (key) => (kept.has(key) ? kept.get(key) : null),
        setItem: (key, value) => void kept.set(key, String(value)),
        removeItem: (key) => void kept.delete(key),
        clear: () => kept.clear(),
        key: (index) => [...kept.keys()][index] ?? null,
        get length() {
          return kept.size;
        },
      };
      Object.defineProperty(window, name, { value: storage, configurable: true });
    }
  }

  const base = (tag) => (tag || "").replace("_", "-").split("-")[0].toLowerCase();
  const address = new URLSearchParams(location.search);
  const asked = base(address.get("lang"));
  if (words[asked]) localStorage.setItem("civic-language", asked);
  const wanted = [asked, localStorage.getItem("civic-language"), ...navigator.languages].map(base);
  const language = wanted.find((tag) => words[tag]) || townLanguage;
  const text = (key) => words[language][key];

  /* Chainlit asks the browser for its language; the server reads the cookie. */
  Object.defineProperty(navigator, "language", { get: () => language, configurable: true });
  const secure = location.protocol === "https:" ? ";Secure" : "";
  document.cookie = `civic_language=${language};path=/;SameSite=Lax${secure}`;
  document.documentElement.lang = language;
  document.documentElement.dir = directions[language];

  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element && typeof value !== "string") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const set = (element, name, value) => {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  /* Chainlit closes the field while it works and draws it anew, and either loses the focus: it is
     given back for a while, unless the citizen took it elsewhere. */
  const focusInput = () => {
    const until = Date.now() + 5000;
    const input = () => document.querySelector("#chat-input");
    input()?.focus();
    const timer = setInterval(() => {
      const active = document.activeElement;
      const isElsewhere = active && active !== document.body && active !== input();
      if (isElsewhere || Date.now() > until) return clearInterval(timer);
      if (active !== input()) input()?.focus();
    }, 100);
  };
  Object.assign(window.civic, { text, make, focusInput });
  const drawing = (path) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    const attributes = { viewBox: "0 0 24 24", width: 20, height: 20, fill: "none" };
    for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    line.setAttribute("stroke", "currentColor");
    line.setAttribute("stroke-width", "1.8");
    line.setAttribute("stroke-linecap", "round");
    line.setAttribute("stroke-linejoin", "round");
    svg.append(line);
    return svg;
  };
  const GLOBE =
    "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M3.5 9h17M3.5 15h17M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18";
  const PEN = "M12 20h8M16.5 4.5l3 3L8 19l-4 1 1-4z";
  const PERSON = "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8M4 21c1-5 4-6.500 8-6.500s7 1.500 8 6.500";

  const languagePicker = () => {
    const list = make("ul", {});
    for (const [tag, name] of Object.entries(names)) {
      const target = new URLSearchParams(address);
      target.set("lang", tag);
      const choice = make("a", { href: `?${target}`, lang: tag, hreflang: tag }, name);
      choice.dir = directions[tag];
      if (tag === language) choice.setAttribute("aria-current", "true");
      list.append(make("li", {}, choice));
    }
    const current = make("span", { class: "civic-label" }, names[language]);
    const hidden = make("span", { class: "civic-hidden" }, `${text("page.languages")}: `);
    const summary = make("summary", {}, drawing(GLOBE), hidden, current);
    const picker = make("details", { id: "civic-languages" }, summary, list);
    const close = (event) => {
      if (event.type === "keydown" ? event.key !== "Escape" : picker.contains(event.target)) return;
      if (picker.open && event.type === "keydown") summary.focus();
      picker.open = false;
    };
    addEventListener("keydown", close);
    addEventListener("click", close);
    return picker;
  };

  /* The server offers a person in the panel (handoff.js). Chainlit drops what is posted before it
     is connected, hence the repetition. */
  const callPerson = (attempts) => {
    if (window.civic.hasPanel() || !attempts) return;
    window.postMessage({ civic: "person" }, location.origin);
    setTimeout(callPerson, 800, attempts - 1);
  };
  const talkToPerson = () => {
    const form = document.querySelector(".civic-form form");
    if (form) {
      form.scrollIntoView({ block: "start" });
      form.querySelector("textarea").focus();
    } else if (!window.civic.hasPanel()) {
      window.civic.expectPanel();
      callPerson(10);
    }
  };
  const startAgain = () =>
    window.civic.leave(() => {
      document.querySelector("#new-chat-button")?.click();
      setTimeout(focusInput, 300);
    });

  const header = () => {
    const brand = make(
      "a",
      { class: "civic-brand", href: `/?lang=${language}` },
      make("img", { src: "/public/mark.svg", alt: "", width: "40", height: "40" }),
      make("span", {}, make("strong", {}, town), make("span", {}, text("page.name"))),
    );
    const again = make(
      "button",
      { type: "button", id: "civic-new", "aria-label": text("page.new_conversation") },
      drawing(PEN),
      make("span", { class: "civic-label" }, text("page.new_conversation")),
    );
    const person = make(
      "button",
      { type: "button", id: "civic-person" },
      drawing(PERSON),
      text("welcome.link_person"),
    );
    again.addEventListener("click", startAgain);
    person.addEventListener("click", talkToPerson);
    const tools = make("div", { class: "civic-tools" }, languagePicker(), again, person);
    const heading = make("h1", { class: "civic-hidden" }, text("page.title"));
    return make("header", { id: "civic-header" }, heading, brand, tools);
  };

  const skipLink = () => {
    const skip = make("a", { class: "civic-skip", href: "#chat-input" }, text("page.skip_link"));
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      focusInput();
    });
    return skip;
  };

  const privacyLink = () =>
    make("a", { href: `/privacy?lang=${language}` }, text("welcome.link_privacy"));

  const codeButton = () =>
    make("button", { type: "button", class: "civic-code-open" }, text("handoff.code.open"));

  const welcome = () =>
    make(
      "section",
      { id: "civic-welcome", "aria-labelledby": "civic-title" },
      make("img", { src: "/public/logo.svg", alt: "", class: "civic-scene" }),
      make("h2", { id: "civic-title" }, text("welcome.title")),
      make("p", { class: "civic-what" }, text("welcome.what")),
      make("p", { class: "civic-machine" }, text("welcome.machine")),
    );
  const notes = () =>
    make(
      "section",
      { id: "civic-notes", "aria-labelledby": "civic-privacy" },
      make("p", {}, text("welcome.limits")),
      make("h3", { id: "civic-privacy" }, text("welcome.privacy_heading")),
      make("p", {}, text("welcome.privacy"), " ", text("welcome.rights")),
      make("p", {}, text("handoff.privacy"), " ", codeButton()),
      make("p", {}, text("welcome.privacy_advice"), " ", privacyLink()),
    );
  const furnishWelcome = () => {
    const screen = document.querySelector("#welcome-screen");
    if (!screen) return;
    if (!screen.querySelector("#civic-welcome")) screen.prepend(welcome());
    const starters = screen.querySelector("#starters");
    if (starters && !screen.querySelector("#civic-examples")) {
      starters.before(make("h3", { id: "civic-examples" }, text("welcome.examples")));
      set(starters, "role", "group");
      set(starters, "aria-labelledby", "civic-examples");
    }
    if (!screen.querySelector("#civic-notes")) screen.append(notes());
  };

  const footer = () =>
    make("footer", { id: "civic-footer" }, text("welcome.machine"), " ", privacyLink(), " ", codeButton());

  /* Chainlit leaves these without a name, a language or a direction. */
  const nameThings = () => {
    const input = document.querySelector("#chat-input");
    set(input, "aria-label", text("page.input"));
    if (input && "maxLength" in input && input.maxLength !== questionLength)
      input.maxLength = questionLength;
    set(document.querySelector("#chat-submit"), "aria-label", text("page.send"));
    set(document.querySelector("#stop-button"), "aria-label", text("waiting.stop"));
    for (const icon of document.querySelectorAll("button svg.lucide-copy"))
      set(icon.closest("button"), "aria-label", text("answer.copy"));
    const root = document.querySelector("#root");
    set(root, "role", "main");
    set(root, "aria-label", text("page.name"));
    for (const step of document.querySelectorAll("[data-step-type$=_message]")) nameMessage(step);
    /* What can be scrolled can be reached by keyboard. */
    const scrolled = document.querySelector("[data-step-type]")?.closest(".overflow-y-auto");
    if (scrolled && scrolled.scrollHeight > scrolled.clientHeight) {
      set(scrolled, "tabindex", "0");
      set(scrolled, "role", "region");
      set(scrolled, "aria-label", text("page.name"));
    }
    if (document.title !== text("page.title")) document.title = text("page.title");
  };
  /* Messages in another language than the page's, by their id: the server says which. */
  const spoken = new Map();
  window.civic.noteSpoken = ({ id, language }) => {
    spoken.set(id, language);
    nameThings();
  };
  const nameSpoken = (step) => {
    const tongue = spoken.get(step.querySelector('[id^="step-"]')?.id.slice("step-".length));
    if (!tongue) return;
    /* A person's name stands above what they say, and is in no language. */
    const said = step.querySelector('img[src$="/avatars/person"]') ? ".prose > * + *" : ".prose";
    for (const part of step.querySelectorAll(`.message-content ${said}`)) set(part, "lang", tongue);
    set(step.querySelector(".message-content .prose"), "data-spoken", tongue);
  };
  const nameMessage = (step) => {
    nameSpoken(step);
    for (const image of step.querySelectorAll('img[src*="/avatars/"], img[src="/public/mark.svg"]'))
      set(image, "alt", "");
    for (const content of step.querySelectorAll(".message-content")) {
      set(content, "dir", "auto");
      const spoken = content.querySelector(".civic-source, .civic-form, .civic-choice")?.lang;
      if (spoken) set(content, "lang", spoken);
    }
    /* A person's name stands above what they say and does not decide which way it runs. */
    if (step.querySelector('img[src$="/avatars/person"]'))
      set(step.querySelector(".message-content .prose > :first-child"), "dir", "auto");
    for (const paragraph of step.querySelectorAll('[role="article"]'))
      paragraph.removeAttribute("role");
    for (const wide of step.querySelectorAll(".civic-passage, div:has(> table)"))
      if (wide.scrollWidth > wide.clientWidth) set(wide, "tabindex", "0");
    for (const link of step.querySelectorAll('.message-content a[href^="#source-"]')) {
      const card = document.getElementById(link.getAttribute("href").slice(1));
      if (!card) continue;
      /* Official terms of the guide, in a model's sentence in another language. */
      for (const term of link.closest("li")?.querySelectorAll("em") ?? [])
        set(term, "lang", card.dataset.lang);
      link.removeAttribute("target");
      set(link, "aria-label", card.getAttribute("aria-label"));
      const quote = link.closest("blockquote");
      set(quote, "lang", card.dataset.lang);
      set(quote, "dir", card.dataset.dir);
      if (card.matches(".civic-correction")) set(quote, "data-correction", "");
    }
  };
  addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.('a[href*="#source-"]');
      const card = link && document.getElementById(link.hash.slice(1));
      if (!card) return;
      event.preventDefault();
      event.stopPropagation();
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const details = card.querySelector("details");
      if (details) details.open = true;
      card.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
      (card.querySelector("summary") ?? card).focus({ preventScroll: true });
    },
    true,
  );

  /* Screen readers hear a message once, when it has been still for a while; of many that come at
     once (a conversation found again) the last three. */
  let live;
  let heard = [];
  let timer;
  const announceSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = [...document.querySelectorAll('[data-step-type="assistant_message"] .prose')];
      const said = all.map((prose) => prose.innerText.trim());
      const known = said.findIndex((words, at) => words !== heard[at]);
      const fresh = known < 0 ? [] : all.slice(known).filter((prose) => prose.innerText.trim());
      heard = said;
      if (!fresh.length) return;
      const parts = fresh.slice(-3).map((prose) =>
        make("p", prose.dataset.spoken ? { lang: prose.dataset.spoken } : {}, prose.innerText.trim()),
      );
      live.replaceChildren(make("p", {}, text("page.answer_announced")), ...parts);
    }, 900);
  };

  const furnish = () => {
    furnishWelcome();
    nameThings();
    announceSoon();
  };
  addEventListener("toggle", nameThings, true);
  addEventListener("DOMContentLoaded", () => {
    live = make("div", { class: "civic-hidden", role: "status", "aria-live": "polite" });
    document.body.prepend(skipLink(), header());
    document.body.append(footer(), live);
    new MutationObserver(furnish).observe(document.querySelector("#root"), {
      subtree: true,
      childList: true,
      characterData: true,
    });
    furnish();
  });
})();
