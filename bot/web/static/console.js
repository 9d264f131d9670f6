"use strict";

// What every page of the console does by itself: looks for news, says so, and tells the server while somebody is here.
// Nothing here ever moves the focus away from where it is.

const LOST_AFTER = 2; // failures in a row until the page says that the connection is lost
const TIMEOUT_MS = 4000;
const HERE_EVERY_MS = 30 * 1000;
const AGES_EVERY_MS = 10 * 1000;
const WHOLE_EVERY = 15; // looks; then everything is asked for, whether it changed or not

const page = document.body.dataset;
const banners = document.getElementById("banners");
const lost = document.getElementById("lost");
const said = document.getElementById("said");
const csrf = document.querySelector('meta[name="csrf-token"]').content;
const title = document.title;
const befores = []; // other scripts of this page: called before anything of an answer is shown
const listeners = []; // other scripts of this page: called with every answer

let cursor = 0;
let looks = 0;
let looking = false;
let failures = 0;
let signedOut = false;
const gists = new Map(); // of the parts as they are shown
const waitingPart = document.querySelector("[data-part=waiting]");
const shownWaiting = waitingPart ? waitingPart.querySelectorAll("li[data-id]").length : null; // what the page itself told, where it tells it
let known = null; // the last answer that told what waits and what is new
let wasOnDuty = false;
let lastHere = 0;

// --- asking the server ---

class Problem extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function ask(path, form) {
  const headers = { "X-Requested-With": "console", "X-CSRFToken": csrf };
  const options = { headers, credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" };
  const answer = await fetch(path, form ? { ...options, method: "POST", body: new URLSearchParams(form) } : options);
  const told = await answer.json();
  if (answer.status === 401) showSignedOut();
  if (!answer.ok) throw new Problem(answer.status, told.problem);
  return told;
}

async function look() {
  if (looking || signedOut) return;
  looking = true;
  try {
    if (looks++ % WHOLE_EVERY === 0) cursor = 0;
    const joint = page.updates.includes("?") ? "&" : "?";
    const told = await ask(`${page.updates}${joint}cursor=${cursor}`);
    cursor = told.cursor;
    connected();
    for (const before of befores) before();
    show(told);
    for (const listener of listeners) await listener(told);
  } catch (problem) {
    if (problem.status !== 401) disconnected(problem);
  } finally {
    looking = false;
  }
}

function connected() {
  failures = 0;
  if (!lost.hidden && !signedOut) {
    lost.hidden = true;
    lost.textContent = "";
    say("Connected again.");
  }
}

function disconnected(problem) {
  failures += 1;
  if (failures < LOST_AFTER && navigator.onLine) return;
  setText(lost, problem.status === 503 ? "The store does not answer. What you write is kept here and sent when it is back." : "No connection. What you write is kept here and sent when it is back.");
  lost.hidden = false;
}

function showSignedOut() {
  signedOut = true;
  lost.textContent = "You are signed out. What stands here is no longer new. What you wrote is kept in this tab. ";
  const link = document.createElement("a");
  link.href = "/console/sign-in";
  link.textContent = "Sign in again";
  lost.append(link);
  lost.hidden = false;
  document.title = title; // without the count
}

// --- showing ---

function setText(element, words) {
  if (element.textContent !== words) element.textContent = words; // said once, not at every look
}

function say(words) {
  said.textContent = words;
}

function show(told) {
  const before = known;
  if (told.changed) known = told; // else nothing is told anew, and what was told last still holds
  const calling = (known ? known.calling : []).filter((one) => one.link !== location.pathname); // this page tells its own
  showBanners([...calling, ...told.banners, ...(known ? known.backup : []), ...dutyEnded(told)]);
  if (!told.changed) return;
  for (const [name, html] of Object.entries(told.parts || {})) showPart(name, html);
  const waitedBefore = before ? before.waiting : shownWaiting; // who came between the page and its first look is news too
  const news = told.waiting + told.unread;
  document.title = news ? `(${news}) ${title}` : title;
  const called = before ? before.calling.map((one) => one.words + one.ticket) : null;
  if (called && told.calling.some((one) => !called.includes(one.words + one.ticket))) notify("Emergency: look at the console now");
  else if (waitedBefore !== null && told.waiting > waitedBefore) notify(told.waiting === 1 ? "1 person is waiting" : `${told.waiting} people are waiting`);
  else if (before && told.unread > before.unread) notify(`${told.unread} new in your conversations`);
  if (before && told.withdrawn.some((ticket) => !before.withdrawn.includes(ticket))) say("A person withdrew. What they wrote is no longer shown.");
}

function dutyEnded(told) {
  if (told.on_duty) wasOnDuty = true;
  if (told.on_duty || !wasOnDuty) return [];
  return [{ kind: "amber", words: "You are off duty: the shift is over, or this page was not used for 15 minutes.", link: "/console/", label: "To the queue" }];
}

// A banner that stays is left as it is: drawn again, it would be read out again.
function showBanners(wanted) {
  const shown = new Map([...banners.children].map((one) => [one.textContent.trim(), one]));
  const fresh = wanted.map((banner) => shown.get(`${banner.words}${banner.link ? ` ${banner.label}` : ""}`) || drawn(banner));
  for (const old of [...banners.children]) if (!fresh.includes(old)) old.remove();
  fresh.forEach((one, at) => {
    if (banners.children[at] !== one) banners.insertBefore(one, banners.children[at] || null);
  });
}

function drawn(banner) {
  const made = document.createElement("p");
  made.className = `banner ${banner.kind}`;
  made.textContent = banner.words;
  if (banner.link) {
    const link = document.createElement("a");
    link.href = banner.link;
    link.textContent = banner.label;
    made.append(" ", link);
  }
  return made;
}

function fragment(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

// What a part says, without what differs at every drawing: tokens, and ages that the page counts itself.
function gist(html) {
  return html.replace(/value="[^"]*"/g, "").replace(/(data-since="\d+")>[^<]*/g, "$1");
}

function showPart(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part || gists.get(name) === gist(html)) return;
  gists.set(name, gist(html));
  const fresh = fragment(html);
  const focused = part.contains(document.activeElement) ? document.activeElement.dataset.key || "" : null;
  const list = part.querySelector(".cards");
  const freshList = fresh.querySelector(".cards");
  if (list && freshList) {
    showCards(list, [...freshList.children]);
    freshList.remove();
    for (const other of [...part.children]) if (other !== list) other.remove();
    part.append(...fresh.children);
  } else {
    part.replaceChildren(...fresh.childNodes);
  }
  if (focused === null || part.contains(document.activeElement)) return;
  const same = focused && part.querySelector(`[data-key="${CSS.escape(focused)}"]:not([disabled])`);
  part.tabIndex = -1;
  (same || part).focus({ preventScroll: true });
}

// Cards that stayed the same stay where they are, untouched, so that a click in the making is not lost.
function showCards(list, wanted) {
  wanted.forEach((card, at) => {
    const old = list.querySelector(`[data-id="${card.dataset.id}"]`);
    const same = old && old.dataset.look === card.dataset.look;
    if (old && !same) old.replaceWith(card);
    const shown = same ? old : card;
    if (list.children[at] !== shown) list.insertBefore(shown, list.children[at] || null);
  });
  while (list.children.length > wanted.length) list.lastElementChild.remove();
}

// As bot/web/console_time.py says it.
function ago(minutes) {
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / (24 * 60))} days`;
}

function showAges() {
  for (const age of document.querySelectorAll("[data-since]")) {
    const minutes = Math.floor((Date.now() / 1000 - Number(age.dataset.since)) / 60);
    setText(age, ago(minutes));
  }
}

// --- sound and browser notices: off until somebody wants them ---

const soundButton = document.getElementById("sound");
const noticesButton = document.getElementById("notices");
let audio = null;

function wanted(name) {
  return localStorage.getItem(name) === "on"; // two switches, never a word of anybody
}

function showSwitch(button, words, on) {
  button.setAttribute("aria-pressed", String(on));
  button.textContent = `${words}: ${on ? "on" : "off"}`;
}

function chime() {
  if (!audio || audio.state !== "running") return;
  const start = audio.currentTime;
  for (const [index, pitch] of [523, 659].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start + index * 0.25);
    volume.gain.linearRampToValueAtTime(0.08, start + index * 0.25 + 0.03);
    volume.gain.linearRampToValueAtTime(0, start + index * 0.25 + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + index * 0.25);
    tone.stop(start + index * 0.25 + 0.45);
  }
}

function wakeSound() {
  if (!wanted("sound")) return;
  audio = audio || new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

function notify(words) {
  say(words);
  if (wanted("sound")) chime();
  if (wanted("notices") && !document.hasFocus() && "Notification" in window && Notification.permission === "granted") {
    new Notification("Helpline console", { body: words, tag: "console", icon: "/static/icon.svg" }); // a count, never what was written
  }
}

soundButton.addEventListener("click", () => {
  const on = !wanted("sound");
  localStorage.setItem("sound", on ? "on" : "off");
  showSwitch(soundButton, "Sound", on);
  wakeSound();
  if (on && audio) audio.resume().then(chime);
});

noticesButton.addEventListener("click", async () => {
  let on = !wanted("notices");
  if (on && (await Notification.requestPermission()) !== "granted") {
    on = false;
    say("The browser does not allow notices from this page.");
  }
  localStorage.setItem("notices", on ? "on" : "off");
  showSwitch(noticesButton, "Browser notices", on);
});

// --- somebody is here ---

function here() {
  wakeSound();
  if (signedOut || Date.now() - lastHere < HERE_EVERY_MS) return;
  lastHere = Date.now();
  ask("/console/here", {}).catch(() => {
    lastHere = 0;
  });
}

// Reading by the wheel is being there; a moved mouse is not (a cat, a truck), and no page ever turns a wheel by itself.
for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, here, { passive: true });

// --- keys: with Alt and Shift, because single letters belong to what people type and to screen readers ---

const KEYS = {
  KeyQ: () => location.assign("/console/"),
  KeyN: nextUnread,
  KeyR: () => focusOn("#text"),
  KeyC: () => openList("canned"),
  KeyK: () => openList("keys"),
};

function focusOn(selector) {
  const element = document.querySelector(selector);
  if (element) element.focus();
}

function openList(id) {
  const list = document.getElementById(id);
  if (!list) return;
  list.open = !list.open;
  list.querySelector("summary").focus();
}

async function nextUnread() {
  try {
    const told = await ask("/console/next");
    if (told.link) location.assign(told.link);
    else say("Nothing new in your conversations.");
  } catch {
    say("That could not be asked now. Try again.");
  }
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || !KEYS[event.code]) return;
  event.preventDefault();
  KEYS[event.code]();
});

// --- start ---

document.querySelectorAll(".js").forEach((element) => {
  element.hidden = false;
});
showSwitch(soundButton, "Sound", wanted("sound"));
showSwitch(noticesButton, "Browser notices", wanted("notices"));
noticesButton.hidden = !("Notification" in window);
window.addEventListener("offline", () => disconnected({}));
window.addEventListener("online", look);
document.addEventListener("visibilitychange", look);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // never shown again from the browser's memory
});
setInterval(showAges, AGES_EVERY_MS);
new Worker("/static/console-clock.js").addEventListener("message", look);
look();
