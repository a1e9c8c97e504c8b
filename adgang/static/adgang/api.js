// Sends one call of the API as the form says, and shows what came back. The token stays in the page.
"use strict";

document.querySelectorAll("form.api-try").forEach((form) => {
  const answer = document.querySelector(".api-answer");

  function request() {
    const { method, mediaType } = form.dataset;
    const headers = { Accept: "application/json" };
    const query = new URLSearchParams();
    let path = form.dataset.path;
    const token = form.querySelector("#try-token").value.trim();
    if (token) headers.Authorization = `Bearer ${token}`;
    form.querySelectorAll("[data-in]").forEach((field) => {
      const value = field.value.trim();
      if (field.dataset.in === "path") path = path.replace(`{${field.dataset.name}}`, encodeURIComponent(value));
      else if (value && field.dataset.in === "query") query.append(field.dataset.name, value);
      else if (value) headers[field.dataset.name] = value;
    });
    let body;
    if (mediaType === "application/json") {
      headers["Content-Type"] = mediaType;
      body = form.querySelector("#try-body").value;
    } else if (mediaType) {
      body = new FormData();
      const [file] = form.querySelector("#try-file").files;
      if (file) body.append("file", file);
    }
    const url = query.size ? `${path}?${query}` : path;
    return fetch(url, { method, headers, body, credentials: "omit", redirect: "error" });
  }

  async function shown(response) {
    const type = response.headers.get("Content-Type") || "";
    if (!type.startsWith("application/json")) return type;
    return JSON.stringify(await response.json(), null, 2);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.hidden = false;
    const status = answer.querySelector(".api-status");
    const body = answer.querySelector(".api-body");
    body.textContent = "";
    try {
      const response = await request();
      const tag = response.headers.get("ETag");
      status.textContent = `${response.status} ${response.statusText}${tag ? ` – ETag ${tag}` : ""}`;
      body.textContent = await shown(response);
    } catch (error) {
      status.textContent = String(error);
    }
    answer.querySelector("h3").focus();
  });
});
