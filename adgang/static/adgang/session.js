// Two minutes before a session ends by idleness: a dialog that can prolong it. Typed input stays on the page.
"use strict";

(() => {
  const WARN = 120;
  const dialog = document.getElementById("session-warning");
  if (!dialog) return;
  const { extendUrl, seconds } = dialog.dataset;
  const left = dialog.querySelector("[data-left]");
  let ends = Date.now() + Number(seconds) * 1000;
  let returnTo = null;

  const remaining = () => Math.ceil((ends - Date.now()) / 1000);

  // Another tab may have prolonged the session meanwhile, so the server is asked before anybody is disturbed.
  async function ask(method) {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
    const headers = method === "POST" ? { "X-CSRFToken": token } : {};
    const answer = await fetch(extendUrl, { method, headers, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    ends = Date.now() + (await answer.json()).seconds * 1000;
  }

  function show() {
    if (dialog.open) return;
    returnTo = document.activeElement;
    dialog.showModal();
  }

  function hide() {
    dialog.close();
    returnTo?.focus();
  }

  async function extend() {
    try {
      await ask("POST");
      hide();
    } catch {
      over();
    }
  }

  function over() {
    show();
    dialog.classList.add("is-over");
    dialog.setAttribute("aria-labelledby", "session-over-heading");
  }

  // Logging in again gives a new token; the forms of this page learn it from a fresh copy of the page.
  async function goOn() {
    const answer = await fetch(location.href, { redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    ends = Date.now() + Number(page.getElementById("session-warning").dataset.seconds) * 1000;
    dialog.classList.remove("is-over");
    dialog.setAttribute("aria-labelledby", "session-warning-heading");
  }

  async function back() {
    try {
      await goOn();
    } catch {
      // Not logged in yet: the page can be read and copied from, and what is sent goes by the page for logging in.
    }
    hide();
  }

  async function tick() {
    if (dialog.classList.contains("is-over")) return;
    if (dialog.open) {
      const minutes = Math.ceil(remaining() / 60);
      if (left.textContent !== String(minutes)) left.textContent = String(Math.max(minutes, 0));
      if (remaining() <= 0) over();
      return;
    }
    if (remaining() > WARN) return;
    try {
      await ask("GET");
      if (remaining() <= WARN) show();
    } catch {
      over();
    }
  }

  dialog.querySelector("[data-extend]").addEventListener("click", extend);
  dialog.querySelector("[data-back]").addEventListener("click", back);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (dialog.classList.contains("is-over")) back();
    else extend();
  });
  setInterval(tick, 1000);
})();
