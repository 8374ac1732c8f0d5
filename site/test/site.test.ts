/** The built site in a browser: `npm run site` first. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import chromium from "@sparticuz/chromium";
import puppeteer, { type Browser } from "puppeteer-core";
import { diagramProblems, linkProblems, look, type Seen } from "./page.ts";
import { serve, type Served } from "./serve.ts";

const root = resolve(import.meta.dirname, "../..");
const site = join(root, "out/site");
const docs = join(root, "docs");

/** Addresses of all pages, with what each has in Markdown. */
const pages = readdirSync(docs, { encoding: "utf8", recursive: true })
  .filter((file) => file.endsWith(".md") && file !== "index.md")
  .map((file) => {
    const text = readFileSync(join(docs, file), "utf8");
    return {
      path: `/${file.replace(/README\.md$/, "").replace(/\.md$/, "")}`,
      heading: /^# (.+)$/m.exec(text)?.[1]?.replaceAll("`", "") ?? "",
      diagrams: text.match(/^ *```mermaid$/gm)?.length ?? 0,
      hasTopology: text.includes("<!-- topology "),
    };
  });

describe("the site in a browser", () => {
  let browser: Browser;
  let served: Served;
  const seen = new Map<string, Seen>();

  before(async function () {
    this.timeout(pages.length * 2_000);
    served = await serve(site, {
      "/broken":
        '<h1>Broken</h1><main><img src="/nowhere.svg"><a href="/en/cost#nowhere">a</a></main><div class="mermaid">',
      "/untried": "<h1>Untried</h1><pre>flowchart LR</pre>",
      "/hidden": '<h1>Hidden</h1><div class="mermaid" hidden><svg width="9" height="9"></svg></div>',
      "/drawn": '<h1>Drawn</h1><div class="mermaid"><svg width="9" height="9"></svg></div>',
      "/thrown": "<h1>Thrown</h1><script>throw new Error('no such thing')</script>",
    });
    browser = await puppeteer.launch({
      args: [...chromium.args, "--no-sandbox"],
      executablePath: await chromium.executablePath(),
      headless: "shell",
    });
    // Each look waits for half a second without a request (`networkidle0`), so several wait at a time.
    const urls = ["/", ...pages.map(({ path }) => path)].map((path) => `${served.url}${path}`).values();
    const lookOn = async (): Promise<void> => {
      for (const url of urls) seen.set(url, await look(browser, url));
    };
    await Promise.all(Array.from({ length: 4 }, lookOn));
  });

  after(async () => {
    await browser.close();
    served.close();
  });

  it("has pages", () => {
    assert.ok(pages.length > 150, `${pages.length}`);
  });

  for (const { path, heading } of pages)
    it(`${path} shows its heading, and nothing is amiss`, () => {
      const page = seen.get(`${served.url}${path}`);
      assert.equal(page?.heading, heading);
      assert.deepEqual(page.problems, []);
    });

  it("draws every diagram, and one at least where a page has a topology", () => {
    const topologies = pages.filter(({ hasTopology }) => hasTopology);
    assert.ok(topologies.length > 30, `${topologies.length}`);
    for (const { path, diagrams } of topologies) assert.ok(diagrams > 0, path);
    const wanted = new Map(pages.map(({ path, diagrams }) => [`${served.url}${path}`, diagrams]));
    assert.deepEqual(diagramProblems(wanted, seen), []);
  });

  it("links to what there is", () => {
    assert.deepEqual(linkProblems(seen), []);
  });

  it("is searched in both languages, without asking another host", async () => {
    for (const [start, word, found] of [
      ["/en/getting-started", "panic threshold", "failover"],
      ["/ja/getting-started", "フェイルオーバー", "failover"],
    ] as const)
      assert.match((await search(browser, `${served.url}${start}`, word)).join("\n"), new RegExp(found));
  });

  describe("is found wanting", () => {
    it("without a picture, a heading or a diagram", async () => {
      const broken = await look(browser, `${served.url}/broken`);
      assert.match(broken.problems.join("\n"), /404 for .*nowhere\.svg/);
      assert.match(broken.problems.join("\n"), /shows no picture: .*nowhere\.svg/);
      assert.match(broken.problems.join("\n"), /has not drawn diagram 1/);
      const [problem] = linkProblems(new Map([...seen, [`${served.url}/broken`, broken]]));
      assert.match(problem ?? "", /broken links to .*cost#nowhere: no such heading/);
    });

    it("without a sign of a diagram, or with one that nobody can see", async () => {
      for (const [path, drawn] of [
        ["/untried", 0],
        ["/hidden", 0],
        ["/drawn", 1],
      ] as const) {
        const url = `${served.url}${path}`;
        const page = await look(browser, url);
        const problems = drawn === 1 ? [] : [`${url} shows 0 of 1 diagrams`];
        assert.deepEqual(diagramProblems(new Map([[url, 1]]), new Map([[url, page]])), problems);
      }
    });

    it("with a script that throws", async () => {
      const thrown = await look(browser, `${served.url}/thrown`);
      assert.match(thrown.problems.join("\n"), /throws: .*no such thing/);
    });
  });
});

/** Addresses of what the site's own search finds. */
async function search(browser: Browser, url: string, word: string): Promise<string[]> {
  const page = await browser.newPage();
  try {
    await page.goto(url, { waitUntil: "networkidle0" });
    await page.keyboard.press("/");
    await page.waitForSelector(".VPLocalSearchBox input");
    await page.type(".VPLocalSearchBox input", word);
    await page.waitForSelector(".VPLocalSearchBox .result", { timeout: 15_000 });
    return await page.$$eval(".VPLocalSearchBox a.result", (all) => all.map(({ href }) => href));
  } finally {
    await page.close();
  }
}
