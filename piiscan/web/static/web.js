// A little help where there is script; every page works without it.
"use strict";

// Tick all rows of a form, and say how many are ticked.
for (const form of document.querySelectorAll('form[action="/decide"]')) {
  const boxes = [...form.querySelectorAll('input[name="finding"]')];
  const rows = boxes.filter((box) => !box.value.endsWith("."));
  const all = form.querySelector("[data-tick-all]");
  const told = form.querySelector("[data-ticked]");
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (told) told.textContent = ticked ? `${told.dataset.ticked} ${ticked}` : "";
    if (all) {
      const box = all.querySelector("input");
      const some = rows.filter((row) => row.checked).length;
      box.checked = some === rows.length;
      box.indeterminate = some > 0 && some < rows.length;
    }
  };
  if (all && rows.length > 1) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const row of rows) row.checked = event.target.checked;
      tell();
    });
  }
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
  // what is accepted is accepted until a date
  const until = form.querySelector('input[name="until"]');
  for (const radio of form.querySelectorAll('input[name="verdict"]')) {
    radio.addEventListener("change", () => { if (until) until.required = radio.value === "accepted"; });
  }
}

// A choice in a list is applied at once where its form only asks for a page.
for (const select of document.querySelectorAll('form[role="search"] select')) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// Copy a text.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  if (!text || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    button.parentElement.querySelector('[role="status"]').textContent = button.dataset.done;
  });
}

// Keep the scan under way current while the page is looked at.
for (const part of document.querySelectorAll("[data-live]")) {
  let running = part.querySelector("progress") !== null;
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(part.dataset.live, { redirect: "error" });
      if (!answer.ok) return;
      part.innerHTML = await answer.text();
      const goes = part.querySelector("progress") !== null;
      if (running && !goes) location.reload();
      running = goes;
    } catch { /* the server has ended, or the session has: the page stays as it is */ }
  };
  setInterval(look, 3000);
}
