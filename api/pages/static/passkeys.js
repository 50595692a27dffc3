/* Passkeys: a button that names one asks the browser for it, and its form is sent with what came of it.

   What a passkey page needs beyond forms is here and nowhere else; without this script each page says what works
   instead. Nothing is stored: the answer goes into the form's hidden field and away with it. */

(() => {
  "use strict";

  const ASKED = { mostra: "/identity/session/passkey/options", crea: "/identity/passkeys/options" };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-passkey]");
    const form = button?.form;
    if (!form || form.elements.credenziale.value) return;
    event.preventDefault();
    event.stopPropagation();
    if (!window.PublicKeyCredential) return say(form, button.dataset.nonQui);
    use(form, button);
  }, true);

  async function use(form, button) {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    say(form, "");
    try {
      const making = button.dataset.passkey === "crea";
      const publicKey = read(await ask(form, making));
      const found = making ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.credenziale.value = JSON.stringify(written(found));
      form.requestSubmit(button);
      /* What was shown counts once: whatever the answer, the next try asks anew. */
      setTimeout(() => { form.elements.credenziale.value = ""; }, 0);
    } catch (why) {
      say(form, why.said || button.dataset.nonRiuscita);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  async function ask(form, making) {
    const body = making && form.elements.invito ? { invitation: form.elements.invito.value.trim() } : {};
    const answer = await fetch(ASKED[making ? "crea" : "mostra"], {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        "Accept-Language": document.documentElement.lang,
        "Idempotency-Key": key(),
        "Forgery-Token": form.elements._gettone.value,
      },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.code), { said: said.detail });
    return said.options.publicKey;
  }

  /* Not randomUUID, which older telephones do not have. */
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((each) => each.toString(16).padStart(2, "0")).join("");

  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function read(options) {
    const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
    const found = { ...options, challenge: bytes(options.challenge) };
    if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
    if (options.allowCredentials) found.allowCredentials = known(options.allowCredentials);
    if (options.excludeCredentials) found.excludeCredentials = known(options.excludeCredentials);
    return found;
  }

  function written({ id, rawId, type, response, authenticatorAttachment }) {
    const said = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) said[name] = text(response[name]);
    }
    const found = { id, rawId: text(rawId), type, response: said, clientExtensionResults: {} };
    if (authenticatorAttachment) found.authenticatorAttachment = authenticatorAttachment;
    return found;
  }

  function say(form, what) {
    const line = form.querySelector("[data-passkey] ~ .errore");
    if (!line) return;
    line.textContent = what;
    line.hidden = !what;
  }
})();
