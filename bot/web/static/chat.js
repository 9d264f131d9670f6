"use strict";

// The page's side of the web chat. The conversation lives in this tab only. Nothing is kept in the browser, but for one thing: while
// a hand-off is open the tab keeps the token that names it, so that a page loaded again goes on with it. No text is kept.

const LEAVE_TO = "https://www.weather.gov/";
const IDLE_MS = 15 * 60 * 1000;
const WARN_MS = 60 * 1000;
const RETRIES_MS = [500, 1500, 4000];
const LOOK_MS = 2000; // for what a counselor writes, while one may
const KEPT = "chat"; // the token's place in sessionStorage, which ends with the tab

const phone = document.getElementById("phone");
const log = document.getElementById("log");
const form = document.getElementById("form");
const field = document.getElementById("text");
const state = document.getElementById("state");
const idle = document.getElementById("idle");
const why = document.getElementById("why");
const full = document.getElementById("full"); // too many chats began here: only one that is open in this tab goes on
let token = phone.dataset.token;

let queue = Promise.resolve(); // one message after another, so that answers come in order
let warning = 0;
let clearing = 0;
let lastSeen = Date.now();
let left = false;
let looking = 0;
let handedOver = false; // a counselor may still write: who waits or reads quietly is not idle
let lastFetched = ""; // the last message that we have, so that each is shown once
const leaving = new AbortController(); // nothing is sent or retried once the person has left
let lastEscape = -Infinity; // times count from the page's start

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function show(made) {
  log.append(made);
  log.scrollTop = log.scrollHeight;
  return made;
}

// Numbers become links that a phone can call.
function withLinks(text) {
  const paragraph = element("p", "theirs");
  for (const part of text.split(/(1-\d{3}-\d{3}-\d{4}|\b911\b|\b988\b)/)) {
    if (/^(1-\d{3}-\d{3}-\d{4}|911|988)$/.test(part)) {
      const link = element("a", "", part);
      link.href = "tel:" + part.replaceAll("-", "");
      paragraph.append(link);
    } else {
      paragraph.append(part);
    }
  }
  return paragraph;
}

// Lines like "1 Signs" become buttons as well; typing the digit stays possible.
function showAnswer(text, className = "theirs") {
  const lines = text.split("\n");
  const offered = lines.filter((line) => /^[1-9] \S/.test(line));
  const begin = show(withLinks(text));
  begin.className = className;
  if (!offered.length) return begin;
  document.querySelectorAll(".choices").forEach((old) => old.remove());
  const choices = element("div", "choices");
  choices.setAttribute("role", "group");
  choices.setAttribute("aria-label", "Answers");
  for (const line of offered) {
    const button = element("button", "", line.slice(2));
    button.type = "button";
    button.addEventListener("click", () => send(line[0]));
    choices.append(button);
  }
  show(choices);
  return begin;
}

// From where they begin: what cannot wait stands first. Where all of it fits, the end is in view as well.
function reveal(answer) {
  answer.scrollIntoView({ block: "start" });
}

function showWhy(told) {
  if (!told || !why || !why.checked) return;
  show(element("p", "why", `${told.means || "-"} -> ${told.node || "-"}; ${told.segments.join(" + ") || 0} segments`));
}

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token, ...body }), signal: leaving.signal });
  if (!answer.ok) {
    const { still = "" } = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(String(answer.status)), { final: answer.status < 500, still });
  }
  return answer.json();
}

// The same id on every try: however often it arrives, it counts once.
async function deliver(id, text) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await post("/chat/messages", { id, text });
    } catch (problem) {
      if (left || problem.final || attempt >= RETRIES_MS.length) throw problem;
      state.textContent = "No connection. Trying again ...";
      await new Promise((again) => setTimeout(again, RETRIES_MS[attempt]));
    }
  }
}

async function turn(id, text, bubble) {
  state.textContent = "Sending ...";
  try {
    const told = await deliver(id, text);
    state.textContent = "";
    const [first] = told.messages.map((text) => showAnswer(text));
    if (!told.messages.length) {
      show(element("p", "why", told.handedOver ? "Passed on to our counselors." : "No answer: texts are stopped. Write START to go on."));
    }
    if (told.handedOver !== null) handOver(told.handedOver);
    if (told.handedOver !== false) look(); // null: the server could not read it just now, so what was goes on
    showWhy(told.why);
    if (first) reveal(first);
  } catch (problem) {
    state.textContent = "";
    bubble.after(retry(id, text, bubble, problem.message === "401"));
    log.scrollTop = log.scrollHeight;
    if (!left && !problem.final) look(); // it may have arrived all the same, and opened a hand-off
  }
}

// sessionStorage is barred in some browsers: then a page loaded again begins anew.
function kept() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(now) {
  try {
    if (now) sessionStorage.setItem(KEPT, token);
    else sessionStorage.removeItem(KEPT);
  } catch {
    // nothing is kept then
  }
}

// Clearing would take the hand-off back. The idle time counts from its end.
function handOver(now) {
  const over = handedOver && !now;
  handedOver = now;
  if (!left) keep(now);
  if (now ? idle.open : over) stayAwake();
}

// A counselor's texts come unasked: look for them until the hand-off is over, and once more after.
function look() {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    let more = true;
    try {
      const told = await post("/chat/inbox", { since: lastFetched });
      showFetched(told);
      more = handedOver || told.messages.length > 0;
    } catch (problem) {
      more = !left && !problem.final;
      if (problem.final) handOver(false); // nothing more will come: then it clears itself again
    }
    if (more) look();
  }, LOOK_MS);
}

function showFetched(told) {
  for (const message of told.messages) {
    lastFetched = message.id;
    showAnswer(message.text);
    stayAwake();
  }
  handOver(told.handedOver);
}

// A page loaded again, while a hand-off was open: go on with it, unless it is over by now. Texts wait until that is known.
async function goOn() {
  for (let attempt = 0; !left; attempt++) {
    try {
      const told = await post("/chat/inbox", { since: "", again: true });
      state.textContent = "";
      if (!told.handedOver && !told.messages.length) return begin(told.still);
      if (full) full.remove();
      form.hidden = false;
      if (told.still) showAnswer(told.still);
      showFetched(told); // the last words of a talk that is over are shown too
      return look();
    } catch (problem) {
      if (problem.final) return begin(problem.still);
      state.textContent = "No connection. Trying again ... In danger call 911, in a crisis 988.";
      await new Promise((again) => setTimeout(again, RETRIES_MS[Math.min(attempt, RETRIES_MS.length - 1)]));
    }
  }
}

function begin(ended = "") {
  token = phone.dataset.token;
  handOver(false);
  if (ended) showAnswer(ended);
  if (!full) showAnswer(phone.dataset.greeting, "hello");
}

function retry(id, text, bubble, ended) {
  const failed = element("p", "failed", ended ? "This chat has ended. Open the page again. " : "Not sent. In danger call 911, in a crisis 988. ");
  if (ended) return failed;
  const again = element("button", "", "Send again");
  again.type = "button";
  again.addEventListener("click", () => {
    failed.remove();
    queue = queue.then(() => turn(id, text, bubble));
  });
  failed.append(again);
  return failed;
}

function send(text) {
  const words = text.trim();
  if (!words) return;
  document.querySelectorAll(".choices").forEach((old) => old.remove());
  const bubble = show(element("p", "mine", words));
  const id = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random();
  queue = queue.then(() => turn(id, words, bubble));
  field.value = "";
}

// Erases the conversation here and on the server.
function clear() {
  left = true;
  keep(false);
  leaving.abort();
  log.replaceChildren();
  field.value = "";
  document.title = "New page";
  navigator.sendBeacon("/chat/leave", JSON.stringify({ token }));
}

function leave() {
  clear();
  phone.remove();
  // The chat's history entry is replaced: Back does not return here. Without a network a blank page, not the browser's error.
  location.replace(navigator.onLine ? LEAVE_TO : "about:blank");
}

// A phone that slept runs its timers late: what counts is the time of day.
function checkIdle() {
  if (!handedOver && Date.now() - lastSeen >= IDLE_MS) leave();
}

function stayAwake() {
  lastSeen = Date.now();
  clearTimeout(warning);
  clearTimeout(clearing);
  if (idle.open) idle.close();
  warning = setTimeout(() => {
    if (handedOver) return;
    checkIdle();
    idle.showModal();
    clearing = setTimeout(leave, WARN_MS);
  }, IDLE_MS - WARN_MS);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(field.value);
  field.focus();
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(field.value);
  }
});
document.getElementById("exit").addEventListener("click", leave);
document.getElementById("stay").addEventListener("click", stayAwake);
document.addEventListener("keydown", (event) => {
  if (!idle.open) stayAwake(); // the warning is answered by its button, not by any key
  if (event.key !== "Escape") return;
  if (event.timeStamp - lastEscape < 1000) leave();
  lastEscape = event.timeStamp;
});
document.addEventListener("pointerdown", () => {
  if (!idle.open) stayAwake();
});
document.addEventListener("visibilitychange", checkIdle);
window.addEventListener("focus", checkIdle);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // never shown again from the browser's memory
});
// It may only be loaded anew: the server waits whether it comes back (docs/handoff.md).
window.addEventListener("pagehide", () => {
  if (!left && token) navigator.sendBeacon("/chat/leave", JSON.stringify({ token, page: true }));
});

token = kept() || token;
if (token === phone.dataset.token) begin();
else queue = goOn();
stayAwake();
field.focus();
