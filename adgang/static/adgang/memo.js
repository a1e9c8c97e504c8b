// Large files: how much of them has been sent. Without scripts the form is posted as it is.
"use strict";

(() => {
  const LARGE = 5 * 1024 * 1024;

  function sizeOf(form) {
    return [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]).reduce((sum, file) => sum + file.size, 0);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".memo-form") || sizeOf(form) < LARGE) return;
    event.preventDefault();
    const box = form.querySelector(".memo-progress");
    const bar = box.querySelector("progress");
    box.hidden = false;
    form.querySelector("button[type=submit]").disabled = true;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = Math.round((100 * sent.loaded) / sent.total);
    });
    request.upload.addEventListener("load", () => bar.removeAttribute("value"));
    request.addEventListener("load", () => show(request.responseText));
    request.addEventListener("error", () => form.submit());
    request.open("POST", form.action);
    request.send(new FormData(form));
  });

  // The answer is the page as it would have come; its main part takes the place of the present one.
  function show(text) {
    const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    document.querySelector("main").replaceWith(main);
    const first = main.querySelector("[data-module='error-summary'], #result") ?? main;
    first.tabIndex = -1;
    first.focus();
    first.scrollIntoView();
  }
})();
