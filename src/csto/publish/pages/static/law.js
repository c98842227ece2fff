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
  const held = JSON.parse(box.dataset.held || "[]"), bound = document.getElementById("held");
  const within = (days, day) => days.some(([from, to]) => (!from || number(from) <= day) && (!to || day <= number(to)));
  const whom = (day) => {
    const sure = held.filter(([, certain]) => within(certain, day)).map(([name]) => name);
    const maybe = held.filter(([name, , possible]) => !sure.includes(name) && within(possible, day)).map(([name]) => name);
    const words = [sure.length ? `Bound: ${sure.join(", ")}` : "", maybe.length ? `possibly bound: ${maybe.join(", ")}` : ""].filter(Boolean);
    return words.length ? `${words.join("; ")}.` : "Nobody is known to be bound on that day.";
  };
  const show = (all) => {
    const day = +slider.value;
    let shown = 0;
    for (const version of versions) {
      const { first, last } = version.dataset;
      const on = all || (first && number(first) <= day && (!last || day <= number(last)));
      version.hidden = !on; shown += on ? 1 : 0;
    }
    bound.textContent = all || !held.length ? "" : whom(day);
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
