"use strict";
(() => {
  const table = document.querySelector("table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const search = document.querySelector("input[type=search]");
  const state = document.querySelector("select");
  const shown = document.querySelector("output");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => texts[place].includes(word));
      const hidden = !fits || (state.value !== "" && row.dataset.state !== state.value);
      row.hidden = hidden;
      if (!hidden) count += 1;
    });
    shown.textContent = String(count);
  };
  search.addEventListener("input", filter);
  state.addEventListener("change", filter);
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent;
  };
  const headings = Array.from(table.tHead.rows[0].cells);
  headings.forEach((heading, column) => {
    const button = heading.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sign = down ? -1 : 1;
      const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
      const order = rows.map((row, place) => ({ row, place, key: value(row, column) }));
      // What has no value stays at the end either way.
      order.sort((a, b) => (a.key === "") - (b.key === "") || sign * compare(a.key, b.key) || a.place - b.place);
      body.append(...order.map((entry) => entry.row));
    });
  });
  filter();
})();
