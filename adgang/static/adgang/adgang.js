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
    ["form[data-unsaved]", watchForm],
  ];

  // Which elements each part has been started on: a swap may tell of the same element more than once.
  const STARTED = new Map(PARTS.map(([selector]) => [selector, new WeakSet()]));

  function start(scope) {
    for (const [selector, begin] of PARTS) {
      const started = STARTED.get(selector);
      for (const element of [scope, ...scope.querySelectorAll(selector)]) {
        if (!element.matches(selector) || started.has(element)) continue;
        started.add(element);
        begin(element);
      }
    }
  }

  function showToast(element) {
    element.classList.remove("show");
    new DKFDS.Toast(element).show();
  }

  // What came back with errors is as unsaved as what is being typed.
  function watchForm(form) {
    if (form.querySelector("[data-module='error-summary']")) form.classList.add("is-unsaved");
    form.addEventListener("input", () => form.classList.add("is-unsaved"));
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

  document.addEventListener("DOMContentLoaded", () => start(document.body));

  // A search that leaves its fields empty has a URL as short as the page's own.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.hasAttribute("data-skip-empty")) return;
    for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
  });

  // A change that maintenance refuses leaves the page as it is; what is said of it comes among the news.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 503 && event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });

  // The event comes for the target and for each new element in it; the target is gone when it was itself replaced.
  document.addEventListener("htmx:afterSettle", (event) => {
    start(event.target);
    const changed = event.detail.target.isConnected ? event.detail.target : event.target;
    // What renews itself while one reads must never draw the focus to it.
    if (changed.dataset.quiet === undefined) keepFocus(changed);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-toggle], [data-print]");
    if (button?.dataset.copy !== undefined) copy(button);
    else if (button?.dataset.print !== undefined) window.print();
    else if (button) toggle(button);
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

  // A form beside a list acts on what the list shows now: its filters stand in the URL, whatever the page was made with.
  document.addEventListener("submit", (event) => {
    for (const field of event.target.querySelectorAll("[data-location-search]")) field.value = location.search.slice(1);
  }, { capture: true });
})();
