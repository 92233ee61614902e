// What every page has but no reader needs at once, fetched when the page is quiet.
import { keepForOffline } from "./offline.js";
import { signIn } from "./sign_in.js";

export { palette } from "./palette.js";

export function start() {
  keepForOffline();
  signIn();
}
