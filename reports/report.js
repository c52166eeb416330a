// Comfort only: the page says everything without this. Texts go in by textContent alone.
"use strict";

// Folds open for a link that points into them, and all of them for print.
function reveal() {
  const id = decodeURIComponent(location.hash.slice(1));
  for (let at = id && document.getElementById(id); at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
  if (id) document.getElementById(id)?.scrollIntoView();
}
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
if (location.hash) reveal();

function make(tag, kind, text) {
  const element = document.createElement(tag);
  element.className = kind;
  element.textContent = text;
  return element;
}

// A cell's value: a number where it starts with one ("1,240", "12 %", "▲ 0.04 %"), else its text.
function value(row, column) {
  const text = row.cells[column].textContent.replace("▲ above the crawl’s rate", "").trim();
  const number = parseFloat(text.replace(/[,>]/g, ""));
  return /^[>\d]/.test(text) ? number : text === "–" || text === "not judged" ? -1 : text.toLowerCase();
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.classList.contains("chart")) return;
    const button = make("button", "sort", head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const order = (a, b) => (a > b ? 1 : a < b ? -1 : 0) * (down ? -1 : 1);
      body.append(...[...body.rows].sort((a, b) => order(value(a, column), value(b, column))));
    });
  });
}

function filterable(table) {
  const label = make("label", "tool", "Filter sites ");
  const input = make("input", "", "");
  input.type = "search";
  label.append(input);
  table.parentElement.before(label);
  input.addEventListener("input", () => {
    const word = input.value.toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(word);
  });
}

function copyable(table) {
  if (!navigator.clipboard) return;
  const button = make("button", "tool", "Copy the lines");
  table.parentElement.before(button);
  button.addEventListener("click", async () => {
    const lines = [...table.querySelectorAll("td.line")].map((cell) => cell.textContent);
    await navigator.clipboard.writeText([...new Set(lines)].join("\n") + "\n");
    button.textContent = "Copied";
  });
}

document.querySelectorAll("table.sortable").forEach(sortable);
document.querySelectorAll("table.filterable").forEach((table) => table.tBodies[0].rows.length > 10 && filterable(table));
document.querySelectorAll("table.copyable").forEach(copyable);

// A button beside what is often needed elsewhere: a document's id and its source.
document.querySelectorAll("code.copy").forEach((code) => {
  if (!navigator.clipboard) return;
  const button = make("button", "small", "Copy");
  code.after(" ", button);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  });
});
