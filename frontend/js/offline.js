// Reading without the server: registers the service worker (js/worker.js) and says when an answer is a kept one.

export function keepForOffline() {
  // Not where the page is not secure, and not for readers who count their bytes.
  if (!navigator.serviceWorker || navigator.connection?.saveData) return;
  navigator.serviceWorker.register("/worker.js").catch(() => {}); // without it the page works, online
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.keptAt) label(data.keptAt);
    if (data?.answersAgain && shown) say("The server answers again. Parts of what you see may be older.", "Show the newest");
  });
  // What was answered before this page listened.
  navigator.serviceWorker.controller?.postMessage("what was kept?");
}

let shown;

function label(keptAt) {
  const at = new Date(keptAt);
  shown = shown && shown < at ? shown : at;
  const text = shown.toISOString();
  say(
    `Offline: the server does not answer. You see what it last said, kept on this device on ` +
      `${text.slice(0, 10)} at ${text.slice(11, 16)} UTC.`,
    "Try again",
  );
}

function say(text, advice) {
  let note = document.querySelector(".offline");
  if (!note) {
    note = document.createElement("p");
    note.className = "offline";
    note.setAttribute("role", "status");
    const again = document.createElement("button");
    again.type = "button";
    again.addEventListener("click", () => location.reload());
    note.append(document.createElement("span"), again);
    (document.querySelector(".shell-header") ?? document.body).after(note);
  }
  // Said again, it would be read out again.
  if (note.firstChild.textContent === text) return;
  note.firstChild.textContent = text;
  note.lastChild.textContent = advice;
}
