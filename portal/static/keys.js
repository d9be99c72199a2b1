/* Single keys: an element with data-key is pressed, a field with it is focused. Silent while somebody types, under a
   dialog, with Ctrl, Alt or Meta, and where she switched them off (WCAG 2.1.4). */
(() => {
  "use strict";

  if (document.body.dataset.keys === "off") return;

  const TYPED_IN = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
  const isShown = (element) => element.getClientRects().length > 0 && !element.closest("[inert]");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.(TYPED_IN) || document.querySelector("dialog[open]")) return;
    const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const found = [...document.querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key === wanted && !element.disabled && isShown(element),
    );
    if (!found) return;
    event.preventDefault();
    if (found.matches(TYPED_IN)) {
      found.focus();
      found.select?.();
    } else found.click();
  });

  // What a screen reader says of a key is the same as what the page does with it.
  const tell = (root) => root.querySelectorAll("[data-key]").forEach((element) => {
    element.setAttribute("aria-keyshortcuts", element.dataset.key);
  });
  tell(document);
  document.addEventListener("htmx:load", ({ detail }) => tell(detail.elt.parentElement ?? document));
})();
