// What every page has but no reader needs at once, fetched when the page is quiet.
import { keepForOffline } from "./offline.js";
import { signIn } from "./sign_in.js";

export { palette } from "./palette.js";

// Its style, under the name that site/bundle.mjs puts here.
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = STYLE;
document.head.append(style);

export function start() {
  keepForOffline();
  signIn();
}
