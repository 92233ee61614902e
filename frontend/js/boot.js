// Starts the WebAssembly module. A file of its own, because the content security policy forbids inline scripts.
import init from "@assay/glue";
import module from "@assay/wasm";

init({ module_or_path: module }).catch((error) => {
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
