"use strict";
/* Tells how a check goes on, and says when the page is no longer connected. Without it the page asks again by itself. */
(() => {
  const { progress, minutes } = document.body.dataset;
  const busy = "busy" in document.body.dataset; // an attribute without a value, whose text is empty
  if (!progress) return;
  const live = document.getElementById("live");
  const bar = document.querySelector("progress");
  const gone = () => {
    document.getElementById("gone").hidden = false;
    for (const button of document.querySelectorAll("button")) button.disabled = true;
  };
  const say = (text) => { if (live.textContent !== text) live.textContent = text; };
  let timer = setTimeout(gone, minutes * 60000);
  const ask = async () => {
    let told;
    try {
      const answer = await fetch(progress, { cache: "no-store" });
      told = await answer.json();
    } catch {
      return gone();
    }
    clearTimeout(timer);
    timer = setTimeout(gone, minutes * 60000);
    if (busy && !told.busy) return location.reload();
    say(told.text);
    if (bar) { bar.value = told.done; bar.max = told.of; }
    if (told.again) setTimeout(ask, told.again);
  };
  if (busy || "watch" in document.body.dataset) setTimeout(ask, 500);
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => {
      for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
    });
  }
})();
