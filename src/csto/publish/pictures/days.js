// A slider of days in a page that stands alone: no network, nothing fetched. What the picture of a
// day has is shown by one rule of style; of a timeline, what does not hold on the day is pale.
"use strict";
(() => {
  const { firsts, day: asked, last } = ABOUT;
  const DAY = 86400000;
  // Days are numbers from 1 January 1970 in UTC; a time zone never shifts them.
  const number = (text) => Date.UTC(+text.slice(0, 4), text.slice(5, 7) - 1, +text.slice(8, 10)) / DAY;
  const written = (n) => new Date(n * DAY).toISOString().slice(0, 10);
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const said = (text) => `${+text.slice(8, 10)} ${months[text.slice(5, 7) - 1]} ${+text.slice(0, 4)}`;
  const find = (id) => document.getElementById(id);
  const slider = find("day"), exact = find("exact"), spoken = find("spoken"), held = find("held"), all = find("all"), caption = find("said");
  // Of a timeline: first day, the day after the last, and what to say of each bar of the wide picture.
  const bars = [...document.querySelectorAll("[data-days]")].map((node) => {
    const [, from, to, words] = /^(-?\d+) (-?\d+) (.*)$/s.exec(node.dataset.days);
    return { node, from: +from, to: +to, words, wide: Boolean(node.closest(".wide")) };
  });
  const lines = [...document.querySelectorAll("[data-now]")].map((node) => {
    const [from, to, width] = node.dataset.now.split(" ").map(Number);
    return { node, from, to, width, own: node.getAttribute("transform") || "" };
  });
  const starts = firsts.map(number);
  const changes = starts.length ? starts : [...new Set(bars.flatMap((bar) => [bar.from, bar.to]))].sort((a, b) => a - b);
  const high = number(last), low = starts.length ? starts[0] : Math.max(lines[0].from, changes[0]);
  slider.min = low; slider.max = starts.length ? high : Math.min(high, lines[0].to);
  exact.min = written(low); exact.max = written(+slider.max);
  slider.value = Math.min(+slider.max, number(asked));
  const whole = () => {
    for (const { node } of bars) node.classList.remove("off");
    for (const { node } of lines) node.style.display = "none";
    exact.value = ""; spoken.textContent = "All days; move the slider to see one."; held.hidden = true; all.hidden = true;
  };
  const show = () => {
    const day = +slider.value, text = written(day);
    exact.value = text;
    slider.setAttribute("aria-valuetext", said(text));
    if (starts.length) {
      let at = 0;
      while (at + 1 < starts.length && starts[at + 1] <= day) at += 1;
      find("shown").textContent = `[data-on]:not([data-on~="${at}"]){display:none}`;
      const since = starts[at] <= day ? ` (unchanged since ${said(firsts[at])})` : "";
      spoken.textContent = `As of ${said(text)}${since}.`;
      if (caption) caption.textContent = `As of ${said(text)}.`;
      return;
    }
    const now = bars.filter((bar) => bar.from <= day && day < bar.to);
    for (const bar of bars) bar.node.classList.toggle("off", !now.includes(bar));
    for (const { node, from, to, width, own } of lines) {
      node.style.display = "";
      node.setAttribute("transform", `translate(${((day - from) / (to - from) * width).toFixed(1)},0) ${own}`);
    }
    const words = now.filter((bar) => bar.wide).map((bar) => bar.words);
    spoken.textContent = `On ${said(text)} (${words.length || "none"} of ${bars.filter((bar) => bar.wide).length}):`;
    held.replaceChildren(...words.map((line) => { const item = document.createElement("li"); item.textContent = line; return item; }));
    held.hidden = !words.length; all.hidden = false;
  };
  const jump = (way) => {
    const day = +slider.value;
    const next = way > 0 ? changes.find((n) => n > day) : changes.filter((n) => n < day).pop();
    if (next !== undefined && next <= +slider.max) { slider.value = next; show(); }
  };
  find("before").addEventListener("click", () => jump(-1));
  find("after").addEventListener("click", () => jump(1));
  slider.addEventListener("input", show);
  exact.addEventListener("change", () => { if (exact.value) { slider.value = number(exact.value); show(); } });
  all.addEventListener("click", whole);
  find("days").hidden = false;
  if (starts.length) show(); else whole();
})();
