/* The consultant's desk: numbered reasons, the list's place, and where the reader goes on. All works without it. */
(() => {
  "use strict";

  const desk = () => document.getElementById("match-desk");
  if (!desk()) return;
  const keysAreOn = document.body.dataset.keys !== "off";

  // The reasons of the open choice have the digits; a reason taken by its digit has the focus, so that Enter sends it.
  const number = (choice) => choice.querySelectorAll("input[type=radio]").forEach((radio, place) => {
    radio.toggleAttribute("data-key", false);
    const label = choice.querySelector(`label[for="${radio.id}"]`);
    if (label.nextElementSibling?.matches("kbd")) label.nextElementSibling.remove();
    if (!choice.open || !keysAreOn || place > 8) return;
    radio.dataset.key = String(place + 1);
    radio.setAttribute("aria-keyshortcuts", radio.dataset.key);
    const hint = document.createElement("kbd");
    hint.className = "key";
    hint.setAttribute("aria-hidden", "true");
    hint.textContent = radio.dataset.key;
    label.after(hint);
  });

  document.addEventListener("toggle", (event) => {
    const choice = event.target;
    if (!choice.matches?.("details.choice")) return;
    number(choice);
    if (choice.open && !choice.querySelector("[data-error-summary]")) choice.querySelector("input[type=radio], .input-date")?.focus({ preventScroll: false });
  }, true);

  document.addEventListener("change", (event) => {
    if (!event.target.matches("details.choice input[type=radio]")) return;
    const words = event.target.form.querySelector("textarea[name=words]");
    if (event.target.value !== "other") event.target.focus();
    else {
      words.closest("details").open = true; // "Andet" says nothing by itself
      words.focus();
    }
  });

  // The seconds in which something can be undone run out before the reader's eyes; her focus stays where it is.
  const runOut = (bars) => bars.forEach((bar) => {
    if (bar.dataset.ends) return;
    bar.dataset.ends = String(performance.now() + 1000 * Number(bar.dataset.undoSeconds));
    const shown = bar.querySelector(".undo-left");
    const unit = shown.textContent.replace(/\d+/, "");
    const timer = setInterval(() => {
      const left = Math.ceil((Number(bar.dataset.ends) - performance.now()) / 1000);
      if (left > 0) {
        shown.textContent = `${left}${unit}`;
        return;
      }
      clearInterval(timer);
      const wasHere = bar.contains(document.activeElement);
      bar.remove();
      if (wasHere) document.getElementById("case-title")?.focus();
    }, 250);
  });
  const waiting = () => [...document.querySelectorAll("[data-undo-seconds]")];
  runOut(waiting());

  // A status that arrives with its words in it is not read aloud; one that is filled is.
  const announce = () => {
    const status = document.querySelector("#match-desk > [role=status]");
    const bars = status ? [...status.children] : [];
    if (!bars.length) return;
    status.replaceChildren();
    requestAnimationFrame(() => status.append(...bars));
  };

  // Until the answer is here, the key that undoes would reach the decision before the one just made.
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.requestConfig.verb !== "post" || !desk()?.contains(detail.elt)) return;
    desk().querySelectorAll(".undo-bar [data-key]").forEach((button) => button.removeAttribute("data-key"));
  });

  // The list keeps its place when the desk is drawn anew; a new case begins at its head.
  let place = 0;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target?.id !== "match-desk") return;
    place = document.getElementById("desk-rows")?.scrollTop ?? 0;
    // Of one name only one is open: the old one would close the new one, which comes in before it goes.
    desk().querySelectorAll("details.choice").forEach((choice) => choice.removeAttribute("name"));
  });

  document.addEventListener("htmx:afterSwap", () => {
    const rows = document.getElementById("desk-rows");
    if (rows) rows.scrollTop = place;
    desk()?.querySelectorAll("details.choice[open]").forEach(number);
    runOut(waiting());
    announce();
    if (document.activeElement === document.body) document.getElementById("case-title")?.focus();
  });

  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id === "match-desk") desk()?.querySelector("[data-error-summary]")?.focus();
    const chosen = document.querySelector("#desk-rows [aria-current]");
    const rows = document.getElementById("desk-rows");
    if (chosen && rows.scrollHeight > rows.clientHeight) chosen.scrollIntoView({ block: "nearest" });
  });
})();
