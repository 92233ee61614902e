// What changed since the run before, and why (GET /api/diff), drawn where the home page keeps a place for it
// (src/components/changed.rs). Not a part of the page's program: it is asked for on demand, and the first view is to be small.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Fills each place when its disclosure is opened, those that are open already too.
export function tellChanges() {
  document.addEventListener("toggle", ({ target }) => fill(target), true); // toggle does not bubble
  document.querySelectorAll("details[open]").forEach(fill);
}

async function fill(details) {
  const place = details.open && details.querySelector("[data-changed]:empty");
  if (!place) return;
  place.append(words("p", "Comparing the two runs: this takes some seconds the first time…"));
  const answer = await fetch(`/api/diff?to=${place.dataset.changed}`).catch(() => null);
  const body = await answer?.json().catch(() => undefined);
  place.replaceChildren(...(answer?.ok && body !== undefined ? told(body) : [failure(body)]));
}

function failure(body) {
  const problem = body?.message ? `${sentence(body.message)} ${sentence(body.advice)}` : "The server does not answer.";
  return words("p", `The difference to the run before could not be loaded. ${problem} Close this and open it to try again.`);
}

// The step in a sentence and its parts; parts that round to nothing are left out.
function told(diff) {
  if (!diff) return [words("p", "No run of this preset was published before this one.")];
  const { from, to, unit, change, lines } = diff;
  const symbol = unit.startsWith("USD") ? "$" : "";
  const number = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const money = (value) => (value < 0 ? "\u2212" : "") + symbol + number.format(Math.abs(value));
  const signed = (value) => (value > 0 ? "+" : "") + money(value);
  const step = `The value went from ${money(from.valuation)} for ${day(from.date)} to ${money(to.valuation)} for ${day(to.date)}: ${signed(change)}.`;
  const rows = lines.filter(({ amount }) => Math.abs(amount) >= 0.005);
  const table = document.createElement("table");
  table.append(words("caption", "The parts add up to the change, but for rounding"));
  for (const { what, amount } of rows) {
    const row = table.insertRow();
    const head = words("th", sentence(what));
    head.scope = "row";
    row.append(head, words("td", signed(amount)));
  }
  return rows.length ? [words("p", step), table] : [words("p", step)];
}

function day(text) {
  const [year, month, date] = text.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

function sentence(text = "") {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) || !start ? start : `${start}.`;
}

// An element around text, in which backticks hold code.
function words(tag, text) {
  const element = document.createElement(tag);
  text.split("`").forEach((part, place) => {
    const code = place % 2 ? document.createElement("code") : undefined;
    if (code) code.textContent = part;
    element.append(code ?? part);
  });
  return element;
}
