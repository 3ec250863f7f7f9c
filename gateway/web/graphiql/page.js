// The page's own part: the token and who it makes you, how GraphiQL asks the API, and the examples. The rest is GraphiQL's.
"use strict";

const ENDPOINT = "graphql"; // beside the page, wherever a proxy has put both
const KEPT_AS = "tuning-gateway.token";
const NO_TOKEN = "Paste a token to ask as your team. The demo prints one at its start.";
const NOT_BUILT = "GraphiQL is not built: run make graphiql. The API works all the same.";

const form = document.getElementById("token-form");
const box = document.getElementById("token");
const forget = document.getElementById("forget");
const caller = document.getElementById("caller");
const place = document.getElementById("graphiql");

// ---- the token: in this tab's sessionStorage and nowhere else, gone when the tab is

let token = tokenOfAddress() ?? sessionStorage.getItem(KEPT_AS) ?? "";

/** The token after `#token=`, which is taken out of the address bar, and so out of the history and of what gets shared. */
function tokenOfAddress() {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return bare(found);
}

/** What is pasted may be the whole header. */
function bare(text) {
  return text.trim().replace(/^(authorization:\s*)?bearer\s+/i, "");
}

function use(given) {
  token = given;
  if (token) sessionStorage.setItem(KEPT_AS, token);
  else sessionStorage.removeItem(KEPT_AS);
  box.value = token;
  forget.hidden = !token;
  introduce();
  render();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  use(bare(box.value));
});
forget.addEventListener("click", () => {
  use("");
  box.focus();
});
// A second link with a token, opened in the same tab, loads nothing anew.
addEventListener("hashchange", () => {
  const found = tokenOfAddress();
  if (found !== null) use(found);
});

// ---- who it makes you: the gateway says so, not the token

async function introduce() {
  const asked = token;
  if (!asked) return say(NO_TOKEN);
  say("Asking who you are…");
  const [text, mood] = await identity(asked);
  if (asked === token) say(text, mood);
}

async function identity(asked) {
  try {
    const { data, errors } = await json(await send(asked, { query: "{ viewer { subject teams { name } } }" }));
    if (errors) return [errors[0].message, "bad"];
    const teams = data.viewer.teams.map((team) => team.name);
    return [`You are ${data.viewer.subject}, of ${teams.length === 1 ? "team" : "teams"} ${teams.join(", ")}`, "good"];
  } catch (error) {
    return [error.message, "bad"];
  }
}

function say(text, mood = "") {
  caller.textContent = text;
  caller.dataset.mood = mood;
}

// ---- how GraphiQL asks

/** GraphiQL learns the schema anew whenever it is given another fetcher, so each token gets its own. */
function fetcherWith(asked) {
  return async (operation, { headers, documentAST } = {}) => {
    const leaving = new AbortController();
    const accept = isSubscription(operation, documentAST) ? "text/event-stream, application/json;q=0.5" : "application/json";
    const response = await send(asked, operation, { Accept: accept, ...headers }, leaving.signal);
    const streams = (response.headers.get("Content-Type") ?? "").startsWith("text/event-stream");
    return streams ? observable(response, leaving) : json(response);
  };
}

function isSubscription({ operationName }, document) {
  const operations = (document?.definitions ?? []).filter(({ kind }) => kind === "OperationDefinition");
  const meant = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  return meant?.operation === "subscription";
}

/** Headers from GraphiQL's own editor come last: who writes an Authorization there means it. */
function send(asked, operation, headers = {}, signal = undefined) {
  const all = new Headers({ "Content-Type": "application/json" });
  if (asked) all.set("Authorization", `Bearer ${asked}`);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return fetch(ENDPOINT, { method: "POST", headers: all, body: JSON.stringify(operation), signal });
}

/** The answer as the API gave it, whatever its status: a 401 has its reason in its body. */
async function json(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // Not the gateway's own answer, then, but a proxy's in between.
    throw new Error(`HTTP ${response.status}: ${text.slice(0, 500) || "an empty answer"}`);
  }
}

/** An event stream in the form GraphiQL can stop at once: it hangs up, and the gateway notices. */
function observable(response, leaving) {
  return {
    subscribe(listener) {
      listen(response, listener).catch((error) => leaving.signal.aborted || listener.error(error));
      return { unsubscribe: () => leaving.abort() };
    },
  };
}

async function listen(response, listener) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const events = (rest + value).split(/\r?\n\r?\n/);
    rest = events.pop();
    for (const event of events) {
      const fields = event.split(/\r?\n/);
      if (fields.includes("event: complete")) return listener.complete();
      const data = fields.filter((field) => field.startsWith("data:")).map((field) => field.slice(5));
      if (data.length) listener.next(JSON.parse(data.join("\n")));
    }
  }
  listener.complete();
}

// ---- the page

const examples = [...document.querySelectorAll("template[data-variables]")].map((template) => ({
  query: template.content.textContent.trim(),
  variables: JSON.stringify(JSON.parse(template.dataset.variables), null, 2),
}));
// GraphiQL 4.1 leaves the first tab's variables out of its editor, so a first visit hands them in on their own.
const firstVariables = localStorage.getItem("graphiql:tabState") ? undefined : examples[0].variables;
const root = window.GraphiQL && ReactDOM.createRoot(place);

function render() {
  if (!root) return note(NOT_BUILT);
  root.render(
    React.createElement(
      GraphiQL,
      {
        fetcher: fetcherWith(token),
        schema: token ? undefined : null, // without a token there is nothing to learn, and a 401 would look like a fault
        defaultTabs: examples,
        variables: firstVariables,
        defaultEditorToolsVisibility: "variables",
        shouldPersistHeaders: false,
        showPersistHeadersSettings: false, // keys written there are secrets too
      },
      React.createElement(GraphiQL.Logo, null, "GraphiQL"),
    ),
  );
}

function note(text) {
  const line = document.createElement("p");
  line.className = "note";
  line.textContent = text;
  place.replaceChildren(line);
}

use(token);
