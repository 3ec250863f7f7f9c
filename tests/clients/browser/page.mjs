// GraphiQL's page in a browser: runs two of its examples and says on one JSON line a happening what came of it.
// node page.mjs BROWSER ADDRESS SCREENSHOTS
import { chromium } from "playwright-core";

const [executablePath, address, screenshots] = process.argv.slice(2);
const tell = (...happening) => console.log(JSON.stringify(happening));
const QUIET = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

const browser = await chromium.launch({ executablePath, args: QUIET });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(50_000);

const elsewhere = [];
const complaints = [];
const strange = (url) => !url.startsWith("data:") && !url.startsWith("blob:") && new URL(url).host !== new URL(address).host;
page.on("request", (request) => strange(request.url()) && elsewhere.push(request.url()));
page.on("websocket", (socket) => elsewhere.push(socket.url()));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
await page.exposeFunction("complain", (text) => complaints.push(text));
await page.addInitScript(() => {
  addEventListener("securitypolicyviolation", ({ violatedDirective: what, blockedURI: whence, sourceFile: by }) =>
    window.complain(`${what} ${whence} ${by}`),
  );
});

/** The text of the answer shown, once it has these words and is another than before. */
async function shown(words, before = "") {
  const text = await page.waitForFunction(
    ([wanted, old]) => {
      const now = document.querySelector(".result-window .CodeMirror")?.CodeMirror.getValue();
      return now !== old && now?.includes(wanted) ? now : false;
    },
    [words, before],
  );
  return text.jsonValue();
}

const run = () => page.click(".graphiql-execute-button");

await page.goto(address);
await page.waitForFunction(() => document.getElementById("caller").dataset.mood === "good");
tell("known", await page.textContent("#caller"), page.url());
await run();
tell("answered", JSON.parse(await shown('"totalCount"')));
await page.screenshot({ path: `${screenshots}/query.png` });
await page.click(".graphiql-tab-button >> text=Progress");
// GraphiQL learns a tenth of a second later which operation it has before it: nobody's hand is quicker.
await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
await run();
const first = await shown('"IN_PROGRESS"');
tell("told", JSON.parse(first));
tell("told", JSON.parse(await shown('"tuningJob"', first)));
await page.screenshot({ path: `${screenshots}/subscription.png` });
await run(); // the same button stops it
await page.click('button[aria-label*="Documentation Explorer"]');
await page.waitForSelector(".graphiql-doc-explorer");
await page.emulateMedia({ colorScheme: "dark" });
await page.screenshot({ path: `${screenshots}/documentation.png` });
tell("end", elsewhere, complaints);
await browser.close();
