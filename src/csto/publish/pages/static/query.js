// Small helps for the query page; everything works without them.
"use strict";
const query = document.getElementById("query");
const ask = document.getElementById("ask");
const example = document.getElementById("example");

query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    ask.requestSubmit();
  }
});

// A query too long for an address is sent in the body; it has no permanent link then.
ask.addEventListener("submit", () => {
  ask.method = query.value.length > 6000 ? "post" : "get";
});

example.addEventListener("change", () => example.value && example.form.requestSubmit());
