/* The browser's own window for passkeys: its answer goes into the form beside the button. Reads what it asks for from
   the form's data- attributes; without it the page says that it needs JavaScript, and a code does the same. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-passkey]");
  const button = form?.querySelector("[data-passkey-use]");
  if (!button || !window.PublicKeyCredential) return;

  const bytesOf = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };

  const textOf = (buffer) => {
    const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));

  const asked = () => {
    const options = JSON.parse(form.dataset.passkeyAsked);
    options.challenge = bytesOf(options.challenge);
    if (options.user) options.user.id = bytesOf(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = named(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = named(options.allowCredentials);
    return { publicKey: options };
  };

  const answer = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = textOf(credential.response[part]);
    }
    return JSON.stringify({ id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response });
  };

  const says = form.querySelector("[data-passkey-says]");
  let isAsking = false;

  // The server says what is missing before a key is made that nobody knows.
  const isFilled = () => form.dataset.passkey === "get"
    || [...form.querySelectorAll("input:not([type=hidden])")].every((field) => field.value);

  const ask = async () => {
    if (isAsking) return;
    if (!isFilled()) {
      form.submit();
      return;
    }
    isAsking = true;
    says.textContent = "";
    try {
      const credential = await navigator.credentials[form.dataset.passkey](asked());
      form.elements.credential.value = answer(credential);
      form.submit();
    } catch {
      // Whoever closed the window, or took the wrong key, tries again.
      says.textContent = form.dataset.passkeyFailed;
      isAsking = false;
    }
  };

  button.hidden = false;
  form.querySelector("[data-passkey-missing]").hidden = true;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
})();
