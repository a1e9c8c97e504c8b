// The field that finds codes by name: a combobox to the ARIA pattern. What is chosen becomes a line of the field below.
"use strict";

(() => {
  const WAIT = 200; // ms of silence before the server is asked
  const begun = new WeakSet();

  function begin(finder) {
    const input = finder.querySelector("[role=combobox]");
    const list = finder.querySelector("[role=listbox]");
    const status = finder.querySelector("[role=status]");
    const field = finder.parentElement.querySelector("textarea");
    let timer = 0;
    let asked = 0;
    finder.hidden = false;

    const options = () => [...list.querySelectorAll("[role=option]")];
    const active = () => options().find((option) => option.getAttribute("aria-selected") === "true");

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) input.removeAttribute("aria-activedescendant");
    }

    function point(option) {
      for (const one of options()) one.setAttribute("aria-selected", String(one === option));
      if (!option) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    async function ask() {
      const text = input.value.trim();
      if (!text) return show(false);
      const mine = ++asked;
      const answer = await fetch(`${finder.dataset.codes}?q=${encodeURIComponent(text)}&id=${list.id}`, {
        headers: { "X-Requested-With": "fetch" },
      });
      if (mine !== asked || !answer.ok) return;
      list.innerHTML = await answer.text();
      status.textContent = options().length ? "" : finder.dataset.none;
      point(null);
      show(options().length > 0);
    }

    function choose(option) {
      const lines = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (!lines.includes(option.dataset.line)) lines.push(option.dataset.line);
      field.value = lines.join("\n");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      status.textContent = `${option.textContent.trim()} ${status.dataset.added}`;
      input.value = "";
      show(false);
    }

    input.addEventListener("input", (event) => {
      event.stopPropagation(); // what is looked for is no change to the form
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      const all = options();
      const at = all.indexOf(active());
      if (event.key === "Enter") {
        event.preventDefault();
        if (!list.hidden && active()) choose(active());
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
        event.preventDefault();
        show(true);
        point(all[(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + all.length) % all.length]);
      }
    });
    input.addEventListener("blur", () => show(false));
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  }

  function start() {
    for (const finder of document.querySelectorAll("[data-codes]")) {
      if (begun.has(finder)) continue;
      begun.add(finder);
      begin(finder);
    }
  }

  start();
  document.addEventListener("htmx:afterSettle", start);
})();
