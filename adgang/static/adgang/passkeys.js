// Passkeys: a button asks the browser for one (WebAuthn), and what it signs is sent with the form that it stands in.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  async function options(url) {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // The server writes binary values in base64url; the browser wants bytes.
  function decoded(asked) {
    const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
    const ready = { ...asked, challenge: bytes(asked.challenge) };
    if (asked.user) ready.user = { ...asked.user, id: bytes(asked.user.id) };
    if (asked.excludeCredentials) ready.excludeCredentials = known(asked.excludeCredentials);
    if (asked.allowCredentials) ready.allowCredentials = known(asked.allowCredentials);
    return ready;
  }

  function encoded({ id, type, rawId, authenticatorAttachment, response }) {
    const told = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      told.attestationObject = text(response.attestationObject);
      told.transports = response.getTransports?.() ?? [];
    } else {
      told.authenticatorData = text(response.authenticatorData);
      told.signature = text(response.signature);
      if (response.userHandle) told.userHandle = text(response.userHandle);
    }
    return JSON.stringify({ id, type, rawId: text(rawId), authenticatorAttachment, response: told });
  }

  function begin(place) {
    const { passkey: kind, options: url } = place.dataset;
    const button = place.querySelector("button");
    const says = place.querySelector("[role=alert]");
    const field = button.form.elements.credential;

    function say(name) {
      says.textContent = name ? place.dataset[name] : "";
      says.hidden = !name;
    }

    if (!window.PublicKeyCredential) return say("unable");
    button.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled") === "true") return;
      // What is missing is told by the server, before a passkey is made that nobody would know the name of.
      if (kind === "create" && !button.form.checkValidity()) return button.form.submit();
      button.setAttribute("aria-disabled", "true");
      say("");
      try {
        field.value = encoded(await navigator.credentials[kind]({ publicKey: decoded(await options(url)) }));
        button.form.submit();
      } catch (fault) {
        say({ NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "exists" }[fault.name] ?? "failed");
        button.removeAttribute("aria-disabled");
      }
    });
  }

  document.querySelectorAll("[data-passkey]").forEach(begin);
})();
