// The command palette: pages, series, questions, presets, colours and runs by a few letters (Ctrl+K or ⌘K).
// A dialog with a combobox and its list, as the ARIA practices describe it.

const PAGES = [
  ["Valuation", "/"], ["Drivers", "/drivers"], ["What if", "/what-if"], ["Model", "/model"],
  ["Data", "/data"], ["Runs", "/runs"], ["SQL", "/sql"],
];
const THEME = "assay-theme"; // src/browser.rs and js/theme.js

let dialog;

/// Opens it, or closes it if it is open.
export function palette() {
  if (dialog?.open) return dialog.close();
  dialog ??= build();
  dialog.showModal();
}

function build() {
  const dialog = element("dialog", { class: "palette", "aria-label": "Search and commands" });
  const list = element("ul", { id: "palette-list", role: "listbox", "aria-label": "Commands" });
  const input = element("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: "Page, series, question, command",
    "aria-label": "Page, series, question, command", "aria-expanded": "true", "aria-controls": list.id, "aria-autocomplete": "list",
  });
  const none = element("p", { role: "status", class: "hint" });
  const close = element("button", { type: "button", class: "close", "aria-label": "Close" });
  close.textContent = "✕";
  close.addEventListener("click", () => dialog.close());
  const state = { commands: fixed(), shown: [], at: 0 };
  const draw = () => show(state, input, list, none);
  input.addEventListener("input", () => ((state.at = 0), draw()));
  input.addEventListener("keydown", (event) => walk(event, state, draw, dialog));
  list.addEventListener("click", ({ target }) => {
    const item = target.closest("[role=option]");
    if (item) act(state.shown[Number(item.dataset.place)], dialog);
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  // A click on what lies behind closes it; the browser gives the focus back to where it was.
  dialog.addEventListener("close", () => ((input.value = ""), (state.at = 0), draw()));
  const top = element("div", {});
  top.append(input, close);
  dialog.append(top, list, none);
  document.body.append(dialog);
  draw();
  fetched().then((more) => ((state.commands = [...fixed(), ...more]), draw()));
  return dialog;
}

function fixed() {
  const theme = (name, value) => ({ kind: "Colours", name, act: () => choose(value) });
  return [
    ...PAGES.map(([name, href]) => ({ kind: "Page", name, act: () => go(href) })),
    { kind: "Command", name: "Start a run now", act: () => document.querySelector(".run-control button")?.click() },
    { kind: "Command", name: "Show another day", act: showDay },
    { kind: "Command", name: "Print this page", act: () => print() },
    theme("Light", "light"), theme("Dark", "dark"), theme("As the system says", null),
  ];
}

// What the server knows: without it the rest still works.
async function fetched() {
  const ask = (path) => fetch(path).then((answer) => (answer.ok ? answer.json() : []), () => []);
  const paths = ["/api/series", "/api/queries", "/api/models", "/api/valuation"];
  const [series, questions, models, shown] = await Promise.all(paths.map(ask));
  const presets = new Set(models.map(({ preset }) => preset));
  presets.delete(shown.preset);
  return [
    ...series.map((one) => ({ kind: "Series", name: one.title, words: one.series, act: () => go(`/drivers?series=${one.series}`) })),
    ...questions.map((one) => ({ kind: "Question", name: one.title, words: one.name, act: () => go(`/sql?q=${encodeURIComponent(one.sql)}`) })),
    ...[...presets].map((name) => ({ kind: "Preset", name: `Compare with ${name}`, act: () => go(`/?beside=${name}`) })),
  ];
}

function show(state, input, list, none) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ kind, name, words: more = "" }) => {
    const text = `${kind} ${name} ${more}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  state.shown = state.commands.filter(fits).slice(0, 50);
  state.at = Math.min(state.at, Math.max(0, state.shown.length - 1));
  list.replaceChildren(...state.shown.map((command, place) => option(command, place, place === state.at)));
  none.textContent = state.shown.length ? "" : "Nothing fits. Try fewer letters.";
  const current = list.children[state.at];
  if (current) input.setAttribute("aria-activedescendant", current.id);
  else input.removeAttribute("aria-activedescendant");
  current?.scrollIntoView({ block: "nearest" });
}

function option({ kind, name }, place, selected) {
  const item = element("li", { id: `palette-${place}`, role: "option", "aria-selected": String(selected), "data-place": String(place) });
  const label = element("span", {});
  label.textContent = name;
  const small = element("small", {});
  small.textContent = kind;
  item.append(label, " ", small);
  return item;
}

function walk(event, state, draw, dialog) {
  const last = state.shown.length - 1;
  const places = { ArrowDown: state.at === last ? 0 : state.at + 1, ArrowUp: state.at === 0 ? last : state.at - 1 };
  if (event.key in places && last >= 0) {
    event.preventDefault();
    state.at = places[event.key];
    draw();
  } else if (event.key === "Enter" && state.shown[state.at]) {
    event.preventDefault();
    act(state.shown[state.at], dialog);
  }
}

function act(command, dialog) {
  dialog.close();
  command.act();
}

// A click on a link of our own: the page's program follows it without loading, where it can.
function go(href) {
  const link = element("a", { href, hidden: "" });
  document.body.append(link);
  link.click();
  link.remove();
}

function showDay() {
  const details = document.querySelector(".as-of");
  if (!details) return;
  details.open = true;
  details.querySelector("input").focus();
}

function choose(theme) {
  try {
    if (theme) localStorage.setItem(THEME, theme);
    else localStorage.removeItem(THEME);
  } catch {
    // storage may be forbidden
  }
  dispatchEvent(new Event("assay:theme"));
  const select = document.querySelector(".theme-choice select");
  if (select) select.value = theme ?? "system";
}

function element(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
