/* The citizen's way to a person: the panel above the question, and the return code.
   What the server tells is described in civic_assistant/chat/standing.py and line.py. */
(() => {
  "use strict";
  const { text, make, focusInput } = window.civic;

  /* Chainlit hands what the server tells the page to the parent window. In a frame that is the
     town's site, and the return code is not for it. */
  if (window.parent !== window)
    Object.defineProperty(window, "parent", { get: () => window, configurable: true });

  const TYPING_SHOWN = 6000;
  const TYPING_EVERY = 3000;
  const HEARD_WITHIN = 10000;
  const FOUND_WITHIN = 5000;
  const panel = make("section", { id: "civic-handoff", hidden: true });
  panel.setAttribute("aria-label", text("handoff.region"));
  const live = make("div", { class: "civic-hidden", role: "status", "aria-live": "polite" });
  let standing = { state: "bot", code: "" };
  let takesFocus = 0;
  let kept = "";
  let told = "";

  const wish = (name, more) => window.postMessage({ civic: name, ...more }, location.origin);
  const announce = (words) => {
    if (words === told) return;
    told = words;
    live.textContent = words;
  };
  const send = (path, body) =>
    fetch(`/conversation${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body || {}),
    });

  /* --- the panel --- */
  const button = (choice, isFirst) => {
    const made = make("button", { type: "button" }, choice.label);
    made.dataset.wish = choice.wish;
    if (isFirst) made.className = "civic-primary";
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") === "true") return;
      for (const other of panel.querySelectorAll("button"))
        other.setAttribute("aria-disabled", "true");
      setTimeout(draw, 4000);
      if (choice.wish !== "message") takesFocus = Date.now() + 4000;
      wish(choice.wish);
    });
    return made;
  };
  const draw = () => {
    const focused = panel.contains(document.activeElement)
      ? document.activeElement.dataset.wish || "summary"
      : "";
    const wasOpen = panel.querySelector("details")?.open;
    const wasHidden = panel.hidden;
    panel.hidden = !standing.title;
    if (panel.hidden) {
      panel.replaceChildren();
      if (focused) focusInput();
      return;
    }
    panel.lang = standing.language;
    panel.dir = standing.direction;
    panel.dataset.state = standing.state;
    const parts = [make("h2", {}, standing.title), make("p", {}, standing.lines.join(" "))];
    parts.push(make("p", { class: "civic-typing" }));
    if (["waiting", "left_message"].includes(standing.state) && standing.code) {
      const [before, after] = text("handoff.your_code").split("⟨code⟩");
      parts.push(make("p", {}, before, make("bdi", { class: "civic-code" }, standing.code), after));
    }
    if (standing.passed_on.length) {
      const list = standing.passed_on.map((line) => make("p", { dir: "auto" }, line));
      const details = make("details", {}, make("summary", {}, text("handoff.passed_on")), ...list);
      details.open = Boolean(wasOpen);
      parts.push(details);
    }
    const buttons = standing.choices.map((choice, at) =>
      button(choice, at === 0 && standing.state === "offered"),
    );
    parts.push(make("div", { class: "civic-buttons" }, ...buttons));
    panel.replaceChildren(...parts);
    place();
    if (wasHidden) lastOf("user_message")?.scrollIntoView({ block: "start" });
    if (takesFocus > Date.now()) {
      takesFocus = 0;
      panel.querySelector("button")?.focus();
    } else if (focused) {
      (panel.querySelector(`[data-wish="${focused}"]`) || panel.querySelector("summary, button"))?.focus();
    }
  };
  const lastOf = (kind) => [...document.querySelectorAll(`[data-step-type="${kind}"]`)].pop();
  /* Chainlit puts what the citizen types at the top and follows nothing else. While a person is
     waited for or talks, what was said last stands above the panel instead, unless the citizen is
     reading further up. */
  let followed;
  const isTalk = () => ["waiting", "with_agent"].includes(standing.state);
  const isReading = () => {
    const edge = panel.getBoundingClientRect().top || innerHeight;
    return followed?.isConnected && followed.getBoundingClientRect().top > edge;
  };
  const follow = () => {
    const steps = document.querySelectorAll("[data-step-type$=_message]");
    const last = steps[steps.length - 1];
    if (!last || last === followed) return;
    const wasReading = isReading();
    followed = last;
    if (!isTalk() || wasReading) return;
    setTimeout(() => last.scrollIntoView({ block: "end" }), 350);
  };
  /* A translation comes some seconds after the message that it stands below. */
  window.civic.grown = (part) => {
    if (isTalk() && followed?.contains(part) && !isReading())
      followed.scrollIntoView({ block: "end" });
  };
  /* Chainlit draws the field anew when the first message comes, and says above it when the
     connection is lost. */
  let wasLost = false;
  const place = () => {
    const composer = document.querySelector("#message-composer");
    if (composer && panel.nextElementSibling !== composer) composer.before(panel);
    noteSent();
    drawUnheard();
    follow();
    const isLost = Boolean(document.querySelector("#session-error"));
    if (isLost && !wasLost) announce(text("page.disconnected"));
    wasLost = isLost;
  };
  window.civic.expectPanel = () => {
    takesFocus = Date.now() + 8000;
  };
  window.civic.hasPanel = () => {
    if (panel.hidden || !panel.isConnected) return false;
    panel.scrollIntoView({ block: "nearest" });
    panel.querySelector("button")?.focus();
    return true;
  };

  let typingTimer;
  const showTyping = (words) => {
    const line = panel.querySelector(".civic-typing");
    if (!line) return;
    line.textContent = words;
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => showTyping(""), words ? TYPING_SHOWN : 0);
    if (!words) clearTimeout(typingTimer);
  };
  let typedAt = 0;
  addEventListener("input", (event) => {
    if (standing.state !== "with_agent" || !event.target.closest?.("#chat-input")) return;
    if (Date.now() - typedAt < TYPING_EVERY) return;
    typedAt = Date.now();
    wish("typing");
  });

  /* --- what the server tells --- */
  /* Chainlit sends and forgets. What the citizen wrote is kept here until the server has said that
     it is stored and the code that leads to it lies in the cookie; on every new line the rest is
     sent again, in order. The server knows messages by their id. */
  const sent = new Map();
  const heard = new Set();
  let early = [];
  let isKept = false;
  const noteSent = () => {
    for (const step of document.querySelectorAll('[data-step-type="user_message"] [id^="step-"]')) {
      const id = step.id.slice("step-".length);
      const words = step.querySelector(".message-content")?.innerText.trim();
      if (!words || heard.has(id) || sent.has(id)) continue;
      sent.set(id, words);
      setTimeout(() => isOpen(id) && showUnheard(id), HEARD_WITHIN);
    }
  };
  const isOpen = (id) => sent.has(id) && !early.includes(id);
  const sendAgain = (id) => wish("again", { id, text: sent.get(id) });
  /* What is not stored is said below the message, with a button that sends it once more. */
  const unheard = new Set();
  const showUnheard = (id) => {
    unheard.add(id);
    drawUnheard();
    announce(text("page.not_delivered"));
  };
  const drawUnheard = () => {
    for (const note of document.querySelectorAll(".civic-unheard"))
      if (!unheard.has(note.dataset.id)) note.remove();
    for (const id of unheard) {
      const step = document.getElementById(`step-${id}`)?.closest("[data-step-type]");
      if (!step || step.querySelector(".civic-unheard")) continue;
      const again = make("button", { type: "button" }, text("page.send_again"));
      again.addEventListener("click", () => {
        unheard.delete(id);
        drawUnheard();
        sendAgain(id);
        setTimeout(() => isOpen(id) && showUnheard(id), HEARD_WITHIN);
      });
      const note = make("p", { class: "civic-unheard" }, text("page.not_delivered"), " ", again);
      note.dataset.id = id;
      step.append(note);
    }
  };
  const settle = () => {
    if (!isKept) return;
    for (const id of early) {
      heard.add(id);
      sent.delete(id);
    }
    early = [];
  };
  const hearOf = ({ ids, again, code }) => {
    if (again && code && standing.code && code !== standing.code) return beginSearch("on");
    if (again && search === "begun") {
      search = "on";
      return;
    }
    if (again) {
      early = [];
      if (search) keep(standing.code);
      search = "";
    }
    early.push(...ids);
    for (const id of ids) unheard.delete(id);
    drawUnheard();
    settle();
    if (!again) return;
    for (const id of sent.keys()) if (isOpen(id)) sendAgain(id);
  };
  /* A telephone that slept for hours may find its session over and its cookie gone; a page that one
     process opened a conversation for may come back to another that remembers an older one. The
     page still has the code: it is sent first, and nothing else until the conversation is found. */
  let search = "";
  const beginSearch = (now = "begun") => {
    if (!standing.code) return;
    search = now;
    const ask = () => {
      if (!search) return;
      wish("code", { code: standing.code });
      setTimeout(ask, FOUND_WITHIN);
    };
    ask();
  };
  /* The desk is told which of its messages this page has, and which were in sight. */
  let reach = 0;
  let toldReach = "";
  const tellReach = () => {
    const seen = document.visibilityState === "visible";
    const telling = `${reach} ${seen}`;
    if (!reach || telling === toldReach) return;
    toldReach = telling;
    wish("reached", { position: reach, seen });
  };
  let reachTimer;
  const hearReach = ({ position }) => {
    reach = Math.max(reach, position);
    toldReach = "";
    clearTimeout(reachTimer);
    reachTimer = setTimeout(tellReach, 300);
  };
  document.addEventListener("visibilitychange", tellReach);
  const keep = async (code) => {
    kept = code;
    isKept = false;
    const answer = await send("", { code }).catch(() => null);
    if (kept !== code) return;
    isKept = Boolean(answer?.ok);
    settle();
    if (!answer || answer.status >= 429) setTimeout(() => kept === code && keep(code), 2000);
  };
  const isNew = (next) => JSON.stringify(next) !== JSON.stringify(standing);
  const hear = (next) => {
    if (search && next.code !== standing.code) return;
    if (!isNew(next)) return;
    standing = next;
    document.body.dataset.handoff = standing.state;
    if (standing.code && standing.code !== kept) keep(standing.code);
    draw();
    if (standing.title) announce([standing.title, ...standing.lines].join(" "));
  };
  const TOLD = ["standing", "typing", "erased", "heard", "unheard", "new", "reach", "spoken"];
  addEventListener("message", (event) => {
    const told = event.data;
    if (event.source !== window || !told || !TOLD.includes(told.civic)) return;
    if (told.civic === "typing" && !told.name) return; /* our own, on its way to the server */
    event.stopImmediatePropagation();
    if (told.civic === "standing") hear(told);
    else if (told.civic === "typing") showTyping(told.name);
    else if (told.civic === "heard") hearOf(told);
    else if (told.civic === "unheard") isOpen(told.id) && showUnheard(told.id);
    else if (told.civic === "new") beginSearch();
    else if (told.civic === "reach") hearReach(told);
    else if (told.civic === "spoken") window.civic.noteSpoken(told);
    else if (!dialog.open) send("/forget").finally(() => location.reload());
  });

  /* --- the return code --- */
  const dialog = make("dialog", { id: "civic-dialog", "aria-labelledby": "civic-dialog-title" });
  const action = (label, run, isPrimary) => {
    const made = make("button", { type: "button" }, label);
    if (isPrimary) made.className = "civic-primary";
    made.addEventListener("click", () => run(made));
    return made;
  };
  const row = (...buttons) => make("div", { class: "civic-buttons" }, ...buttons);
  const title = (words) => make("h2", { id: "civic-dialog-title" }, words);
  const problem = () => make("p", { class: "civic-problem", role: "alert" });
  const show = (...parts) => {
    dialog.replaceChildren(...parts);
    if (!dialog.open) dialog.showModal();
  };
  const close = () => action(text("page.close"), () => dialog.close());

  const copyCode = async (made) => {
    await navigator.clipboard?.writeText(standing.code).catch(() => {});
    made.textContent = text("handoff.code.copied");
    announce(text("handoff.code.copied"));
  };
  const enterForm = () => {
    const input = make("input", {
      id: "civic-code-field", name: "code", autocomplete: "off", spellcheck: "false", dir: "ltr",
      maxlength: "64", autocapitalize: "characters",
    });
    const wrong = problem();
    const submit = make("button", { type: "submit" }, text("handoff.code.enter"));
    const label = make("label", { for: "civic-code-field" }, text("handoff.code.field"));
    const form = make("form", {}, label, input, wrong, row(submit, close()));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await send("", { code: input.value.trim() }).catch(() => null);
      if (answer?.ok) return location.reload();
      wrong.textContent = text(answer?.status === 404 || answer?.status === 422
        ? "handoff.code.unknown" : answer?.status === 429 ? "refused.too_many" : "handoff.failed");
      input.setAttribute("aria-invalid", "true");
      input.focus();
    });
    return form;
  };
  const erase = () => {
    const wrong = problem();
    const yes = action(text("handoff.code.erase_yes"), async () => {
      const answer = await send("/erase", { code: standing.code }).catch(() => null);
      if (!answer?.ok) {
        wrong.textContent = text("handoff.failed");
        return;
      }
      dialog.addEventListener("close", () => location.reload());
      show(title(text("handoff.code.erased")), row(close()));
    });
    yes.className = "civic-danger";
    show(title(text("handoff.code.erase")), make("p", {}, text("handoff.code.erase_sure")), wrong,
      row(yes, close()));
  };
  const showCode = () => {
    const parts = [title(text("handoff.code.heading"))];
    if (standing.code) {
      parts.push(
        make("p", {}, make("bdi", { class: "civic-code" }, standing.code)),
        make("p", {}, text("handoff.code.explanation")),
        row(action(text("handoff.code.copy"), copyCode, true), action(text("handoff.code.erase"), erase)),
        make("hr", {}),
      );
    }
    show(...parts, enterForm());
  };
  addEventListener("click", (event) => {
    if (event.target.closest?.(".civic-code-open")) showCode();
  });

  /* A new conversation leaves this one, which a person may be answering. */
  window.civic.leave = (then) => {
    const go = async () => {
      dialog.close();
      sent.clear();
      unheard.clear();
      if (!standing.code) return then();
      /* A page that begins anew holds nothing of the old conversation. */
      const answer = await send("/forget").catch(() => null);
      if (answer?.ok) location.reload();
      else announce(text("handoff.failed"));
    };
    if (!["waiting", "with_agent", "left_message"].includes(standing.state)) return go();
    const words = text("handoff.code.leave").replace("⟨code⟩", standing.code);
    show(title(text("page.new_conversation")), make("p", {}, words),
      row(action(text("page.new_conversation"), go), action(text("handoff.code.stay"), () => dialog.close(), true)));
  };

  addEventListener("DOMContentLoaded", () => {
    document.body.append(live, dialog);
    new MutationObserver(place).observe(document.querySelector("#root"), {
      subtree: true,
      childList: true,
    });
  });
})();
