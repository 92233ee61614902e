// The program that reads model cards (src/bin/record.rs), ready when this module is.
import init, { draw } from "@assay/record-glue";
import module from "@assay/record-wasm";

await init({ module_or_path: module });
export { draw };
