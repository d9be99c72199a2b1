/* Enhancements only: every page works without this file. It never blocks the page and reads all it needs
   from data- attributes on its own script element. */
(() => {
  "use strict";

  const settings = document.currentScript.dataset;
  const CDN_TIMEOUT_MS = 2000;

  // ---- htmx: from the CDN when it answers in time and unchanged, otherwise our own copy ----

  const addScript = (source, integrity) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    if (integrity) {
      script.integrity = integrity;
      script.crossOrigin = "anonymous";
    }
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

  const probeCdn = async () => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), CDN_TIMEOUT_MS);
    try {
      const response = await fetch(settings.htmxCdn, {
        integrity: settings.htmxIntegrity,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: abort.signal,
      });
      if (!response.ok) throw new Error(response.statusText);
      await response.arrayBuffer();
    } finally {
      clearTimeout(timer);
    }
  };

  const loadHtmx = async () => {
    if (settings.htmxMode === "cdn") {
      try {
        await probeCdn();
        await addScript(settings.htmxCdn, settings.htmxIntegrity);
        return;
      } catch {
        // Unreachable, slow or tampered with: the vendored copy below is the same version.
      }
    }
    await addScript(settings.htmxLocal).catch(() => {});
  };

  // htmx starts by itself only before DOMContentLoaded or after the page is complete: wait for the latter.
  if (document.readyState === "complete") loadHtmx();
  else window.addEventListener("load", () => setTimeout(loadHtmx));

  // ---- the design system's components: loaded where a page has one, started once per element ----

  const COMPONENTS = [
    [".accordion", "Accordion"],
    [".alert.has-close", "Alert"],
    [".form-limit", "CharacterLimit"],
    [".js-checkbox-toggle-content", "CheckboxToggleContent"],
    [".js-radio-toggle-group", "RadioToggleGroup"],
    ["div.tab-container", "Tabs"],
    [".tooltip-wrapper", "Tooltip"],
  ];
  let designSystem = null;

  const within = (root, selector) => [
    ...(root.matches?.(selector) ? [root] : []),
    ...root.querySelectorAll(selector),
  ];

  const startComponents = async (root) => {
    const found = COMPONENTS.flatMap(([selector, name]) => within(root, selector).map((element) => [element, name]));
    if (!found.length) return;
    designSystem ??= addScript(settings.dkfds);
    await designSystem;
    for (const [element, name] of found) {
      if (element.dataset.started) continue;
      element.dataset.started = "true";
      new window.DKFDS[name](element).init();
    }
  };

  // ---- words of the vocabulary under a text field (ARIA combobox); anything else may be written too ----

  const TYPING_MS = 200;
  const LETTERS = 2;
  const suggestions = () => document.getElementById("suggestions");
  let writing = null; // the text field in use
  let typing = null;

  const closeSuggestions = () => {
    clearTimeout(typing);
    if (!writing || !suggestions()) return;
    suggestions().hidden = true;
    writing.setAttribute("aria-expanded", "false");
    writing.removeAttribute("aria-activedescendant");
  };

  const askForSuggestions = () => {
    const list = suggestions();
    if (list.previousElementSibling !== writing) writing.after(list);
    // No source element: htmx would send the whole form along.
    window.htmx.ajax("POST", writing.dataset.suggest, {
      target: list,
      swap: "outerHTML",
      values: { csrf_token: writing.form.elements.csrf_token.value, q: writing.value },
    });
  };

  const showSuggestions = () => {
    const list = suggestions();
    const wanted = writing && document.activeElement === writing && writing.value.trim().length >= LETTERS;
    list.hidden = !wanted || !list.childElementCount;
    writing?.setAttribute("aria-expanded", String(!list.hidden));
    writing?.removeAttribute("aria-activedescendant");
  };

  const activeSuggestion = () => (suggestions().hidden ? null : suggestions().querySelector("[aria-selected=true]"));

  const activate = (option) => {
    activeSuggestion()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    writing.setAttribute("aria-activedescendant", option.id);
  };

  const moveBy = (step) => {
    if (suggestions().hidden) {
      askForSuggestions();
      return;
    }
    const options = [...suggestions().children];
    const from = options.indexOf(activeSuggestion());
    activate(options.at(from < 0 && step < 0 ? -1 : (from + step) % options.length));
  };

  const take = (option) => {
    writing.value = option.dataset.phrase;
    closeSuggestions();
  };

  const KEYS = {
    ArrowDown: () => moveBy(1),
    ArrowUp: () => moveBy(-1),
    Enter: () => {
      const option = activeSuggestion();
      if (option) take(option);
      return Boolean(option);
    },
    Escape: () => {
      const open = !suggestions().hidden;
      closeSuggestions();
      return open;
    },
  };

  const suggestIn = (field) => {
    field.removeAttribute("list"); // the browser's own list, which stands where this script does not run
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
    })) field.setAttribute(name, value);
    if (!suggestions()) {
      const list = document.createElement("ul");
      Object.assign(list, { id: "suggestions", role: "listbox", hidden: true });
      field.after(list);
    }
    if (document.activeElement === field) writing = field;
    field.addEventListener("focus", () => { writing = field; });
    field.addEventListener("blur", closeSuggestions);
    field.addEventListener("input", () => {
      clearTimeout(typing);
      if (field.value.trim().length < LETTERS) closeSuggestions();
      else typing = setTimeout(askForSuggestions, TYPING_MS);
    });
    field.addEventListener("keydown", (event) => {
      if (KEYS[event.key] && KEYS[event.key]() !== false) event.preventDefault();
    });
  };

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("#suggestions [role=option]");
    if (!option) return;
    event.preventDefault(); // the text field keeps the focus
    take(option);
  });

  // ---- small helps ----

  // How many letters a long text has, while it is written; nothing is cut off, the server says what is too long.
  const countLetters = (told) => {
    const field = document.getElementById(told.dataset.lettersOf);
    const tell = () => {
      told.textContent = told.dataset.letters.replace("{letters}", field.value.trim().length.toLocaleString("da-DK"));
    };
    field.addEventListener("input", tell);
    tell();
    told.hidden = false;
  };

  // The browser's calendar beside a day that is typed: it writes 14-12-2026 into the text field and is sent nowhere.
  const DAY = /^\s*(\d{1,2})[-./](\d{1,2})[-./](\d{4})\s*$/;
  const asIso = (typed) => {
    const [, day, month, year] = DAY.exec(typed) ?? [];
    return day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : typed.trim();
  };

  const openCalendar = (button) => {
    if (!button) return;
    const field = document.getElementById(button.dataset.calendar);
    const picker = document.createElement("input");
    Object.assign(picker, { type: "date", className: "day-picker", tabIndex: -1, ariaHidden: "true" });
    picker.value = asIso(field.value);
    picker.addEventListener("change", () => {
      if (!picker.value) return;
      field.value = picker.value.split("-").reverse().join("-");
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
      field.focus();
    });
    button.parentElement.querySelector(".day-picker")?.remove();
    button.after(picker);
    picker.showPicker();
  };

  const enhance = (root) => {
    startComponents(root).catch(() => {});
    if (window.htmx) within(root, "[data-suggest]:not([role])").forEach(suggestIn);
    if (root.id === "suggestions") showSuggestions();
    for (const button of within(root, "[data-print]")) button.hidden = false;
    if ("showPicker" in HTMLInputElement.prototype) {
      for (const button of within(root, "[data-calendar]")) button.hidden = false;
    }
    if (navigator.clipboard) for (const button of within(root, "[data-copy]")) button.hidden = false;
    for (const told of within(root, "[data-letters-of]")) countLetters(told);
    if (root.matches?.("[data-from-top]")) root.scrollIntoView();
    guardReturned(root);
    within(root, "[data-error-summary]")[0]?.focus();
  };

  // What a field holds to the clipboard; the button says so to eye and ear until another is pressed.
  const copy = async (button) => {
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    for (const told of document.querySelectorAll("[data-copy] [role=status]")) told.remove();
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    told.textContent = ` ✓ ${button.dataset.copied}`;
    button.append(told);
  };

  // All in one tap: the link loads the page with everybody chosen; here they are chosen without asking the network.
  const chooseAll = (link, event) => {
    if (!link) return;
    event.preventDefault();
    for (const choice of link.closest("form").querySelectorAll(`[type=radio][value="${link.dataset.chooseAll}"]`)) {
      choice.checked = true;
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    chooseAll(event.target.closest("[data-choose-all]"), event);
    copy(event.target.closest("[data-copy]"));
    openCalendar(event.target.closest("[data-calendar]"));
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open], details[data-nav][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Ask before a form marked data-confirm is sent. In the capture phase, so that htmx waits too.
  const dialog = document.getElementById("confirm-dialog");
  let confirmed = null;
  let asking = null;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || confirmed === form || !dialog?.showModal) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    asking = { form, submitter: event.submitter };
    dialog.querySelector("#confirm-text").textContent = form.dataset.confirm;
    dialog.showModal();
  }, true);

  dialog?.addEventListener("click", (event) => {
    if (event.target.closest("[data-confirm-no]")) dialog.close();
    if (!event.target.closest("[data-confirm-yes]")) return;
    const { form, submitter } = asking;
    dialog.close();
    confirmed = form;
    form.requestSubmit(submitter);
    confirmed = null;
  });

  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));

  // A keyboard user whose button or link was swapped away goes on from the region that replaced it.
  let focusWasIn = null;
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    focusWasIn = target?.id && target.contains(document.activeElement) ? target.id : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const region = focusWasIn && document.getElementById(focusWasIn);
    focusWasIn = null;
    if (!region || document.activeElement !== document.body) return;
    region.tabIndex = -1;
    region.focus();
  });

  // A message that arrives while the reader is further down is brought into view.
  const showMessages = (event) => {
    if (event.detail.target?.id === "messages" && event.detail.target.children.length) {
      event.detail.target.scrollIntoView({ block: "nearest" });
    }
  };
  document.addEventListener("htmx:afterSwap", showMessages);
  document.addEventListener("htmx:oobAfterSwap", showMessages);

  // The network failed: no answer to show, so say so. What was typed stays.
  const sayOffline = () => {
    const messages = document.getElementById("messages");
    messages?.replaceChildren(document.getElementById("offline-message").content.cloneNode(true));
    messages?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", sayOffline);

  // ---- a form that was refused says so in the title, as the server does for a whole page ----

  const REFUSED = [409, 422, 429];
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    if (requestConfig.verb === "get" || !xhr?.status) return;
    const title = document.title.replace(settings.errorWord, "");
    document.title = (REFUSED.includes(xhr.status) ? settings.errorWord : "") + title;
  });

  // The answer to a form is no page to come back to: back and reload ask for the page where the form stands.
  if (document.body.dataset.address) history.replaceState(null, "", document.body.dataset.address);

  // ---- unsaved words: the browser asks before they are left ----

  const unsaved = new Set();
  let leaving = false;

  const guard = (form) => {
    if (form?.method === "post" && !("leaveFreely" in form.dataset)) unsaved.add(form);
  };

  document.addEventListener("input", (event) => guard(event.target.form));
  document.addEventListener("change", (event) => guard(event.target.form));
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // htmx sends it, or somebody is asked first
    if (event.target.method === "post" && !navigator.onLine) {
      event.preventDefault();
      sayOffline();
      return;
    }
    leaving = event.target.method === "post";
  });
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, xhr } }) => {
    if (xhr.status < 400) unsaved.delete(elt.closest("form"));
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  const hasUnsaved = () => [...unsaved].some((form) => form.isConnected);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && hasUnsaved()) event.preventDefault();
  });

  // What the server could not take, and what it gives back, is as unsaved as what was just typed.
  const guardReturned = (root) => {
    const returned = "unsaved" in document.body.dataset ? "main form" : "form:has([aria-invalid=true])";
    within(root, returned).forEach(guard);
  };

  // ---- the login ends: a warning before, and what to do after ----

  const MINUTE = 60_000;
  const WARNING = 5 * MINUTE;

  const watchLogin = (told) => {
    const channel = "BroadcastChannel" in window ? new BroadcastChannel("login") : null;
    const idle = Number(told.dataset.idle) * 1000;
    let idleEnds = Date.now() + idle;
    let absoluteEnds = Date.now() + Number(told.dataset.absolute) * 1000;

    const show = () => {
      const ends = Math.min(idleEnds, absoluteEnds);
      const left = ends - Date.now();
      told.hidden = left > WARNING;
      if (told.hidden) return;
      const which = left <= 0 ? "over" : ends === absoluteEnds ? "absolute" : "idle";
      const title = which === "over" ? told.dataset.over : told.dataset.soon.replace("{minutes}", Math.ceil(left / MINUTE));
      told.querySelector("form").hidden = which !== "idle";
      for (const [id, words] of [["login-ends-title", title], ["login-ends-text", told.dataset[`${which}Text`]]]) {
        const place = document.getElementById(id);
        if (place.textContent !== words) place.textContent = words;
      }
    };

    const seen = () => {
      idleEnds = Date.now() + idle;
      channel?.postMessage({ idleEnds, absoluteEnds });
      show();
    };

    // Another tab was used, or signed in anew.
    channel?.addEventListener("message", ({ data }) => {
      idleEnds = Math.max(idleEnds, data.idleEnds);
      absoluteEnds = Math.max(absoluteEnds, data.absoluteEnds);
      show();
    });
    document.addEventListener("htmx:afterOnLoad", ({ detail: { xhr } }) => {
      if (xhr.status !== 401) seen();
    });
    told.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const form = event.target;
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), headers: { "HX-Request": "true" },
        });
        if (answer.ok) seen();
        else idleEnds = Date.now();
      } catch {
        sayOffline();
      }
      show();
    });
    // A part of the page that asks by itself does not lead to the login page, away from what is being written.
    document.addEventListener("htmx:beforeOnLoad", (event) => {
      const { xhr, requestConfig } = event.detail;
      if (xhr.status !== 401 || requestConfig.verb !== "get" || !hasUnsaved()) return;
      event.preventDefault();
      idleEnds = Date.now();
      show();
    });
    setInterval(show, 10_000);
    seen();
  };
  const loginEnds = document.getElementById("login-ends");
  if (loginEnds) watchLogin(loginEnds);

  enhance(document);
})();
