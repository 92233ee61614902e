// Signing in where the server asks for it (GET /api/sign-in): OpenID Connect's code flow with PKCE (RFC 7636), as a public
// client. Tokens live in this tab's session storage and nowhere else; src/api.rs sends the one that acts.
const BEARER = "assay-bearer"; // src/browser.rs reads it
const STARTED = "assay-sign-in"; // what the answer must fit: { state, verifier, back }

export async function signIn() {
  const how = await fetch("/api/sign-in").then((answer) => (answer.ok ? answer.json() : null), () => null);
  if (!how) return;
  const query = new URLSearchParams(location.search);
  if (query.has("state") && (query.has("code") || query.has("error"))) return finish(how, query);
  show(how);
  // src/browser.rs has forgotten a token that the server does not take any more.
  addEventListener("assay:signed-out", () => show(how));
}

// The button beside the others; it says who acts, or offers to sign in.
function show(how, problem) {
  const place = document.createElement("div");
  place.className = "sign-in";
  const button = document.createElement("button");
  button.type = "button";
  const signedIn = sessionStorage.getItem(BEARER);
  button.textContent = signedIn ? "Sign out" : "Sign in";
  button.addEventListener("click", () => (signedIn ? leave() : begin(how)));
  place.append(button);
  if (problem) {
    const told = document.createElement("p");
    told.setAttribute("role", "alert");
    told.textContent = `Signing in failed: ${problem}. Try again.`;
    place.append(told);
  }
  document.querySelector(".sign-in")?.remove();
  document.querySelector(".shell-header")?.append(place);
}

async function begin(how) {
  const [state, verifier] = [random(), random()];
  const back = location.pathname + location.search;
  sessionStorage.setItem(STARTED, JSON.stringify({ state, verifier, back }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const ask = new URL(how.authorize_url);
  for (const [name, value] of Object.entries({
    response_type: "code",
    client_id: how.client_id,
    redirect_uri: home(),
    scope: how.scope,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  })) {
    ask.searchParams.set(name, value);
  }
  location.assign(ask);
}

// The issuer has sent the reader back: the code is exchanged, and the address is cleaned of it.
async function finish(how, query) {
  const { state, verifier, back } = JSON.parse(sessionStorage.getItem(STARTED) ?? "{}");
  sessionStorage.removeItem(STARTED);
  history.replaceState(null, "", location.pathname);
  if (!state || query.get("state") !== state) return show(how, "the answer does not belong to this page's question");
  if (query.has("error")) return show(how, query.get("error_description") ?? query.get("error"));
  const form = { grant_type: "authorization_code", client_id: how.client_id, redirect_uri: home(), code: query.get("code"), code_verifier: verifier };
  const tokens = await fetch(how.token_url, { method: "POST", body: new URLSearchParams(form) })
    .then((answer) => (answer.ok ? answer.json() : null), () => null);
  if (!tokens?.access_token) return show(how, "the issuer gave no token");
  // The issuer's id token names the client as its audience, which a gateway can check; some issuers give an access token alone.
  sessionStorage.setItem(BEARER, tokens.id_token ?? tokens.access_token);
  location.replace(back ?? "/");
}

function leave() {
  sessionStorage.removeItem(BEARER);
  navigator.serviceWorker?.controller?.postMessage("forget");
  location.reload();
}

function home() {
  return `${location.origin}/`;
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
