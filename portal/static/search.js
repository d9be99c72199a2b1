/* The search field of every page: the arrows walk through what is offered below it, Escape closes it. */
(() => {
  "use strict";

  const form = document.querySelector("[data-site-search]");
  if (!form) return;
  const field = form.querySelector("input[type=search]");
  const hints = () => form.querySelector("#search-hints");
  const links = () => [...hints().querySelectorAll("a")];

  const close = () => hints().replaceChildren();

  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && links().length) {
      event.preventDefault();
      close();
      field.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...links()];
    const at = stops.indexOf(document.activeElement);
    if (at < 0 || stops.length === 1) return;
    event.preventDefault();
    stops.at((at + (event.key === "ArrowDown" ? 1 : -1)) % stops.length).focus();
  });

  // Whoever goes on elsewhere is not followed by a panel; an answer that comes late is not shown.
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => form.contains(document.activeElement) || close(), 150);
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (!form.contains(document.activeElement)) event.detail.shouldSwap = false;
  });
})();
