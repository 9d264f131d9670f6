"use strict";

// Reading and writing in one conversation. Drafts and texts on their way are kept in this tab only (sessionStorage), under the
// name of who wrote them; signing out clears them. A text keeps its token on every try, so it is sent once.

const talk = document.getElementById("talk");
const entries = document.getElementById("entries");
const form = document.getElementById("reply");
const field = document.getElementById("text");
const counter = document.getElementById("counter");
const sendButton = document.getElementById("send");
const facts = document.getElementById("facts");
const alarms = document.getElementById("alarms");
const brief = document.getElementById("brief");
const steps = document.getElementById("steps");
const ended = document.getElementById("ended");
const place = `${page.name}:${page.ticket}`;
const RETRY_MS = 2000;
const SMALL = 700; // pixels; on a wider page the newest texts and the field are in view from its top

let seq = Number(page.seq);
let draining = false;
let gone = false;
let stopped = false;
let asked = 0;
let free = false; // whether the newest texts were in view before this look

// --- kept in the tab ---

for (const key of Object.keys(sessionStorage)) {
  if (/^(draft|pending|refused):/.test(key) && key.split(":")[1] !== page.name) sessionStorage.removeItem(key); // somebody else's
}

function kept(kind, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(`${kind}:${place}`)) || otherwise;
  } catch {
    return otherwise;
  }
}

function keep(kind, value) {
  const empty = Array.isArray(value) ? !value.length : !value.text;
  if (empty) sessionStorage.removeItem(`${kind}:${place}`);
  else sessionStorage.setItem(`${kind}:${place}`, JSON.stringify(value));
}

let pending = kept("pending", []); // [{token, text}], oldest first
let untaken = kept("refused", []); // [{token, text, words}]: the server said no; here until it is taken back

// --- showing texts ---

function atBottom() {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
}

function item(className, html) {
  const made = document.createElement("li");
  made.className = className;
  made.innerHTML = html; // drawn and escaped by the server
  return made;
}

function add(entry) {
  if (entries.querySelector(`[data-seq="${entry.seq}"]`)) return;
  const follow = atBottom();
  const made = item(entry.who, entry.html);
  made.dataset.seq = entry.seq;
  entries.insertBefore(made, entries.querySelector("li[data-token]"));
  if (follow) talk.scrollTop = talk.scrollHeight;
}

function showWaiting({ token, text }, words) {
  let made = entries.querySelector(`li[data-token="${CSS.escape(token)}"]`);
  if (!made) {
    made = item("counselor", '<p class="meta"><span class="who"></span></p><p class="words"></p><p class="state"></p>');
    made.dataset.token = token;
    made.querySelector(".who").textContent = page.name;
    made.querySelector(".words").textContent = text;
    entries.append(made);
    talk.scrollTop = talk.scrollHeight;
  }
  setText(made.querySelector(".state"), words);
  return made;
}

// Only what changed is drawn: an alert that is drawn again is read out again.
function draw(element, html) {
  if (element.dataset.html === html) return;
  const same = element.dataset.html === undefined && squeezed(fragment(html)) === squeezed(element);
  element.dataset.html = html;
  if (!same) element.innerHTML = html;
}

function squeezed(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function showDeliveries(deliveries) {
  const follow = atBottom();
  for (const [of, told] of Object.entries(deliveries)) {
    const line = entries.querySelector(`[data-delivery="${of}"]`);
    if (!line || !told) continue;
    setText(line, told.words);
    line.classList.toggle("bad", told.bad);
  }
  if (follow) talk.scrollTop = talk.scrollHeight;
}

async function refresh(told) {
  if (!gone) await renew(told);
  if (free && covered()) beside(); // a banner, or a text, has moved it under the form
}

async function renew(told) {
  const due = Date.now() - asked > 8000 || entries.querySelector(".state:not(.bad)");
  if (!told.changed && !due) return;
  asked = Date.now();
  try {
    const found = await ask(`${page.entries}?since=${seq}`);
    found.html.forEach(add);
    seq = Math.max(seq, found.seq);
    showDeliveries(found.deliveries);
    draw(facts, found.facts);
    draw(alarms, found.alarms);
    if (form) {
      draw(brief, found.brief);
      draw(steps, found.steps);
    }
    if (found.state !== page.state || (found.mine ? "yes" : "no") !== page.mine) moved(found);
    if (sendButton) sendButton.disabled = stopped || (found.window !== null && found.window <= 0);
  } catch (problem) {
    if (problem.status !== 409 && problem.status !== 410 && problem.status !== 403) throw problem;
    gone = true;
    stop(problem.message);
    if (problem.status !== 409) clear();
  }
}

function moved(found) {
  if (found.state === "closed" || found.state === "unanswered") stop("This conversation is closed.");
  else if (found.mine) stop("You have this conversation now. Reload the page to write.");
  else stop(found.holder ? `${found.holder} has this conversation.` : "This conversation is back in the queue.");
}

// What may not be read any more does not stay on the page.
function clear() {
  for (const kept of [entries, alarms, facts]) kept.replaceChildren();
  talk.hidden = true;
  document.getElementById("acts").hidden = true;
}

// The field closes. A draft stays in it, to be read and copied; it can only no longer be sent.
function stop(words) {
  stopped = true;
  setText(ended, words);
  ended.hidden = false;
  for (const id of ["take", "ends"]) if (document.getElementById(id)) document.getElementById(id).hidden = true;
  if (!form) return;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  field.readOnly = true;
  form.classList.add("closed");
  setText(form.querySelector("label"), field.value ? "Closed. What you had not sent:" : "Closed: nothing more can be sent.");
  field.hidden = !field.value;
  count();
}

// --- writing ---

// Whether the form, which stays at the bottom of the window, lies over the newest texts.
function covered() {
  return form !== null && talk.getBoundingClientRect().bottom > form.getBoundingClientRect().top + 1;
}

// The newest texts stand right above the field, and both are in view.
function beside() {
  talk.scrollTop = talk.scrollHeight;
  talk.style.scrollMarginBottom = `${form.offsetHeight + 12}px`; // the form is in view at any time
  talk.scrollIntoView({ block: "end" });
}

function count() {
  const told = countText(field.value);
  if (!field.value || stopped) return setText(counter, "");
  const messages = told.segments === 1 ? "1 text message" : `${told.segments} text messages`;
  const why = told.costly ? `, because of "${told.costly}"` : "";
  setText(counter, `${told.characters} characters, ${messages}${why}`);
}

function saveDraft() {
  keep("draft", { text: field.value, token: form.elements.token.value });
  count();
}

function send() {
  const text = field.value.trim();
  if (!text || sendButton.disabled) return;
  pending.push({ token: form.elements.token.value, text });
  keep("pending", pending);
  form.elements.token.value = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
  field.value = "";
  saveDraft();
  drain();
}

async function drain() {
  if (draining) return;
  draining = true;
  while (pending.length && !signedOut) {
    const shown = showWaiting(pending[0], "Sending ...");
    try {
      const told = await ask(form.action, pending[0]);
      shown.remove();
      add({ seq: told.seq, who: "counselor", html: told.html });
    } catch (problem) {
      if (!problem.status || problem.status >= 500 || problem.status === 401) {
        showWaiting(pending[0], "Not sent yet. It is kept here and tried again.");
        await new Promise((again) => setTimeout(again, RETRY_MS));
        continue;
      }
      untaken.push({ ...pending[0], words: problem.message });
      keep("refused", untaken);
      refused(shown, untaken.at(-1));
    }
    pending.shift();
    keep("pending", pending);
  }
  draining = false;
}

function refused(shown, { token, text, words }) {
  const state = shown.querySelector(".state");
  state.textContent = `NOT sent: ${words} `;
  state.classList.add("bad");
  delete shown.dataset.token;
  if (!form) return;
  const back = document.createElement("button");
  back.type = "button";
  back.className = "plain";
  back.textContent = "Take the text back";
  back.addEventListener("click", () => {
    field.value = field.value ? `${text}\n${field.value}` : text;
    saveDraft();
    untaken = untaken.filter((one) => one.token !== token);
    keep("refused", untaken);
    shown.remove();
    field.focus();
  });
  state.append(back);
}

if (!form && pending.length) {
  untaken.push(...pending.map((one) => ({ ...one, words: "you do not have this conversation any more." })));
  pending = [];
  keep("refused", untaken);
  keep("pending", pending);
}
for (const one of untaken) refused(showWaiting(one, ""), one);

if (form) {
  const draft = kept("draft", null);
  if (draft && !field.value) {
    field.value = draft.text;
    form.elements.token.value = draft.token;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ready = event.submitter && event.submitter.dataset.text;
    if (!ready) return send();
    field.value = field.value ? `${field.value.trimEnd()} ${ready}` : ready;
    event.submitter.closest("details").open = false;
    saveDraft();
    field.focus();
  });
  field.addEventListener("input", saveDraft);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  window.addEventListener("beforeunload", (event) => {
    if (pending.length) event.preventDefault(); // closing the tab would lose what is not sent yet
  });
  if (field.value) saveDraft(); // written before this script ran
  count();
  drain();
  if (location.hash === "#text") field.focus({ preventScroll: true });
  if (location.hash === "#text" || innerWidth < SMALL) {
    beside();
    window.addEventListener("load", () => setTimeout(beside)); // after the browser has gone to the #text of the address
  }
  field.addEventListener("focus", () => setTimeout(beside, 300)); // after a phone has made room for its keyboard
}
talk.scrollTop = talk.scrollHeight;
befores.push(() => {
  free = !covered();
});
listeners.push(refresh);
