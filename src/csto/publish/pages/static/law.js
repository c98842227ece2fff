// A treaty on a day: wordings that could not hold then are folded away.
"use strict";
(() => {
  const box = document.getElementById("law-day");
  if (!box) return;
  const DAY = 86400000;
  const number = (text) => Date.UTC(+text.slice(0, 4), text.slice(5, 7) - 1, +text.slice(8, 10)) / DAY;
  const written = (n) => new Date(n * DAY).toISOString().slice(0, 10);
  const slider = document.getElementById("day"), exact = document.getElementById("exact"), spoken = document.getElementById("spoken");
  slider.min = number(box.dataset.first); slider.max = number(box.dataset.last); slider.value = slider.max;
  exact.min = box.dataset.first; exact.max = box.dataset.last;
  const versions = [...document.querySelectorAll(".version")];
  const show = (all) => {
    const day = +slider.value;
    let shown = 0;
    for (const version of versions) {
      const { first, last } = version.dataset;
      const on = all || (first && number(first) <= day && (!last || day <= number(last)));
      version.hidden = !on; shown += on ? 1 : 0;
    }
    exact.value = all ? "" : written(day);
    slider.setAttribute("aria-valuetext", all ? "all days" : written(day));
    spoken.textContent = all ? `${shown} wordings on all days` : `${shown} wordings that can be in force on ${written(day)}`;
  };
  slider.addEventListener("input", () => show(false));
  exact.addEventListener("change", () => { if (exact.value) { slider.value = number(exact.value); show(false); } });
  document.getElementById("all").addEventListener("click", () => show(true));
  box.hidden = false;
  show(true);
})();
