// What pages gain where scripts run. Nothing here is needed to get work done, save what is marked data-needs-script.
"use strict";

(() => {
  // DKFDS.init() would also build its own navigation anew after every swap; ours is plain links. So its parts are
  // started one by one, only within what is new.
  const PARTS = [
    [".accordion, .accordion-bordered", (element) => new DKFDS.Accordion(element).init()],
    [".alert.has-close", (element) => new DKFDS.Alert(element).init()],
    [".form-limit", (element) => new DKFDS.CharacterLimit(element).init()],
    [".js-checkbox-toggle-content", (element) => new DKFDS.CheckboxToggleContent(element).init()],
    [".js-radio-toggle-group", (element) => new DKFDS.RadioToggleGroup(element).init()],
    [".js-dropdown", (element) => new DKFDS.Dropdown(element).init()],
    [".fds-modal", (element) => new DKFDS.Modal(element).init()],
    ["div.tab-container", (element) => new DKFDS.Tabs(element).init()],
    [".tooltip-wrapper", (element) => new DKFDS.Tooltip(element).init()],
    ["[data-module='error-summary']", (element) => new DKFDS.ErrorSummary(element).init()],
    [".toast", showToast],
    ["form[data-unsaved]", (form) => form.addEventListener("input", () => form.classList.add("is-unsaved"))],
  ];

  function start(scope) {
    for (const [selector, begin] of PARTS) {
      if (scope.matches?.(selector)) begin(scope);
      for (const element of scope.querySelectorAll(selector)) begin(element);
    }
  }

  function showToast(element) {
    element.classList.remove("show");
    new DKFDS.Toast(element).show();
  }

  // Focus is never lost after a swap: it goes to what asks for it, else to the changed part. A person who is writing
  // in a search field keeps writing.
  function keepFocus(target) {
    const active = document.activeElement;
    if (active && active !== document.body && active.isConnected) return;
    focus(target.querySelector("[data-module='error-summary'], [data-focus]") ?? target);
  }

  function focus(element) {
    if (!element.hasAttribute("tabindex") && !element.matches("a, button, input, select, textarea")) {
      element.tabIndex = -1;
    }
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const text = button.querySelector("span");
    const before = text.textContent;
    text.textContent = button.dataset.copied;
    text.setAttribute("role", "status");
    setTimeout(() => { text.textContent = before; text.removeAttribute("role"); }, 2000);
  }

  function toggle(button) {
    const open = document.getElementById(button.dataset.toggle).classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  // Idleness ends the session. The time it ends is shared by all windows, for work in one keeps the others alive.
  const SESSION_END = "adgang.session-end";
  const WARNING = 120_000;

  function sessionLasts(seconds) {
    localStorage.setItem(SESSION_END, String(Date.now() + seconds * 1000));
  }

  function watchSession() {
    const box = document.getElementById("session-warning");
    if (!box) return;
    sessionLasts(Number(box.dataset.seconds));
    setInterval(() => {
      const left = Number(localStorage.getItem(SESSION_END)) - Date.now();
      showSession(box, left > WARNING ? "" : left > 0 ? "soon" : "over");
    }, 1000);
  }

  function showSession(box, when) {
    if ((box.dataset.shown ?? "") === when) return;
    box.dataset.shown = when;
    box.hidden = !when;
    for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== when;
  }

  async function extendSession(box) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(box.dataset.url, { method: "POST", headers });
    if (answer.ok && !answer.redirected) sessionLasts((await answer.json()).seconds);
  }

  // A new session has a new token; the forms of this page learn it from a fresh copy of the page.
  async function renewSession() {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const box = fresh.getElementById("session-warning");
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!box || !token) return;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    sessionLasts(Number(box.dataset.seconds));
  }

  document.addEventListener("DOMContentLoaded", () => {
    start(document.body);
    watchSession();
  });

  // A search that leaves its fields empty has a URL as short as the page's own.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.hasAttribute("data-skip-empty")) return;
    for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    start(event.detail.target);
    // What renews itself while one reads must never draw the focus to it.
    if (event.detail.target.dataset.quiet === undefined) keepFocus(event.detail.target);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-toggle], [data-session]");
    if (button?.dataset.copy !== undefined) copy(button);
    else if (button?.dataset.toggle) toggle(button);
    else if (button?.dataset.session === "extend") extendSession(button.closest("#session-warning"));
    else if (button?.dataset.session === "renew") renewSession();
    closeMenus(event.target.closest("details[data-menu]"));
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("submit", (event) => event.target.classList.remove("is-unsaved"));

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form.is-unsaved")) event.preventDefault();
  });
})();
