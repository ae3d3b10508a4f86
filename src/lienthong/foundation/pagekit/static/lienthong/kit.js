/* Conveniences on top of pages that work without them: focus, keys, htmx manners. No dependency but htmx, if it is there. */
(() => {
  "use strict";
  const doc = document;
  const live = () => doc.getElementById("live");
  const say = (text) => { if (live()) live().textContent = text; };
  const typing = (node) => node && node.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");

  /* The error box takes the focus; otherwise a form page leaves it where the browser put it. */
  const focusErrors = (root) => {
    const box = root.querySelector(".errors-box");
    if (box) box.focus();
    return box;
  };

  /* Keys: j, k move through a list of work, Enter follows (a link does by itself), x presses the marked button, / searches. */
  const KEYS = "lienthong.keys";
  const keysOn = () => { try { return localStorage.getItem(KEYS) !== "off"; } catch { return true; } };
  const step = (way) => {
    const links = [...doc.querySelectorAll("[data-keys] a.row-link, [data-keys] a.list-row-title")];
    if (!links.length) return false;
    const at = links.indexOf(doc.activeElement);
    const next = at < 0 ? (way > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + way));
    links[next].focus();
    return true;
  };
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      doc.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn() || typing(event.target)) return;
    let done = false;
    if (event.key === "j") done = step(1);
    else if (event.key === "k") done = step(-1);
    else if (event.key === "/") {
      const field = doc.querySelector("[data-search]");
      if (field && field.offsetParent) { field.focus(); field.select(); done = true; }
    } else {
      const button = doc.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (button) { button.click(); done = true; }
    }
    if (done) event.preventDefault();
  });

  /* A menu closes when the work goes on elsewhere. */
  doc.addEventListener("click", (event) => {
    doc.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const field = doc.getElementById(copy.dataset.copy);
      if (field) { field.select(); if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(() => say(copy.dataset.said || "")); }
    }
    const keys = event.target.closest("[data-keys-switch]");
    if (keys) {
      try { localStorage.setItem(KEYS, keysOn() ? "off" : "on"); } catch { /* private mode: the choice lasts for this page only */ }
      showKeys();
    }
  });
  const showKeys = () => doc.querySelectorAll("[data-keys-switch]").forEach((button) => {
    button.hidden = false;
    button.textContent = keysOn() ? button.dataset.off : button.dataset.on;
  });

  /* One submission per press. Links with data-confirm are pages of their own, so nothing is asked here. */
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post" && !event.defaultPrevented && !form.hasAttribute("hx-post")) {
      form.dataset.sent = "1";
      setTimeout(() => { delete form.dataset.sent; }, 4000);
    }
  });
  addEventListener("pageshow", () => doc.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  /* htmx: focus goes to the error box or the new H1 when the page was swapped, stays otherwise; the live region speaks. */
  doc.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (!target) return;
    if (target.id === "main" || target === doc.body) {
      const heading = doc.querySelector("h1");
      if (!focusErrors(doc) && heading) { heading.tabIndex = -1; heading.focus(); }
      say(doc.title);
    } else {
      focusErrors(target);
      const said = target.querySelector("[data-say]") || (target.matches("[data-say]") ? target : null);
      if (said) say(said.dataset.say || said.textContent.trim());
    }
  });
  const trouble = (id) => () => { const box = doc.getElementById(id); if (box) { box.hidden = false; say(box.textContent.trim()); } };
  const calm = () => ["trouble-offline", "trouble-fault"].forEach((id) => { const box = doc.getElementById(id); if (box) box.hidden = true; });
  doc.addEventListener("htmx:sendError", trouble("trouble-offline"));
  doc.addEventListener("htmx:timeout", trouble("trouble-offline"));
  doc.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 500) trouble("trouble-fault")(); });
  doc.addEventListener("htmx:afterOnLoad", calm);
  /* A refused form comes back as 4xx with its errors: it must be shown. */
  doc.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 400 && status < 500 && event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  const start = () => { focusErrors(doc); showKeys(); };
  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", start); else start();
})();
