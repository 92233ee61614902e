// Starts the WebAssembly module. A file of its own, because the content security policy forbids inline scripts.
import init from "@assay/glue";
import module from "@assay/wasm";

init({ module_or_path: module }).then(fetchNext, (error) => {
  console.error(error);
  const page = document.getElementById("app");
  page.textContent = "";
  const title = document.createElement("h1");
  title.textContent = "The dashboard could not start";
  const advice = document.createElement("p");
  advice.textContent =
    "The program of this page did not load. Reload the page; if that does not help, use a browser of the last two years.";
  page.append(title, advice);
});

// What the next page needs, once this one is quiet: site/bundle.mjs puts the names in the place of NEXT.
function fetchNext() {
  if (navigator.connection?.saveData) return;
  const fetchAll = () => NEXT.forEach((file) => fetch(file, { priority: "low" }).catch(() => {}));
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 2000));
  addEventListener("load", () => whenIdle(fetchAll), { once: true });
  if (document.readyState === "complete") whenIdle(fetchAll);
}
