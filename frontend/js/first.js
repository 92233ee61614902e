// The answer before the program: asks for the newest valuation, writes its headline, and leaves the answer for the program.
// The words are the server's (shared/src/headline.rs); src/components/answer.rs puts the same heading in the same place.
const PATH = "/api/valuation";

// A server that takes longer does not keep the program waiting; nor does a browser that does not say when it painted, or is too
// busy to paint.
const PATIENCE = 1500;
const PAINT = "largest-contentful-paint";
const PAINTED_BY = PerformanceObserver.supportedEntryTypes?.includes(PAINT) ? 300 : 100;

const after = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Done when the headline is painted, or when there is none to paint. */
export async function showAnswer() {
  const { pathname, searchParams } = new URL(location.href);
  if (pathname !== "/" || searchParams.has("as_of")) return;
  try {
    // What comes later is not left for the program: by then it has asked by itself, and may know newer.
    const response = await fetch(PATH, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) return;
    const body = await response.json();
    // src/browser.rs takes it.
    globalThis.assayFirst = { path: PATH, body };
    const place = document.getElementById("first");
    if (!place || !body.headline) return;
    const painted = onScreen();
    place.append(answer(body.headline));
    await Promise.race([painted, after(PAINTED_BY)]);
  } catch {
    // The program asks again, and says what is wrong.
  }
}

// Done when the browser says that what is largest on the page, as a part of the answer is, was painted after this.
function onScreen() {
  const now = performance.now();
  return new Promise((done) => {
    const watcher = new PerformanceObserver((list) => {
      if (!list.getEntries().some(({ startTime }) => startTime > now)) return;
      watcher.disconnect();
      done();
    });
    watcher.observe({ type: PAINT });
  });
}

function answer({ subject, standing, side, arrow, lately, labels, caveats }) {
  const heading = element("h1", "", `${subject} is `);
  const mark = element("span", "arrow", arrow);
  mark.setAttribute("aria-hidden", "true");
  const words = element("span", `standing ${side ?? ""}`);
  words.append(mark, standing);
  heading.append(words);
  const section = element("section", "answer");
  if (labels.length > 0) section.append(labelled(labels));
  section.append(heading);
  if (lately) section.append(element("p", "lately", lately));
  section.append(...caveats.map((text) => element("p", "caveat", text)));
  return section;
}

function labelled(labels) {
  const list = element("ul", "labels");
  for (const { kind, title, text } of labels) {
    const line = element("li", "");
    line.append(element("strong", `label label-${kind}`, title), element("span", "", text));
    list.append(line);
  }
  return list;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
