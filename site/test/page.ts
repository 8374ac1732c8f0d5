/** What is wrong with a page as a browser shows it; a line for each mistake. */
import type { Browser, HTTPResponse, Page } from "puppeteer-core";

export interface Seen {
  readonly heading: string;
  /** Addresses on the site that the page links to. */
  readonly links: readonly string[];
  /** Anchors that others can link to. */
  readonly anchors: readonly string[];
  /** Diagrams that are drawn and to be seen. */
  readonly diagrams: number;
  readonly problems: readonly string[];
}

export async function look(browser: Browser, url: string): Promise<Seen> {
  const page = await browser.newPage();
  const problems: string[] = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`says in its console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`throws: ${String(error)}`));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
      problems.push(`asks another host: ${request.url()}`);
  });
  page.on("response", (response: HTTPResponse) => {
    if (response.status() >= 400) problems.push(`${response.status()} for ${response.url()}`);
  });
  try {
    await page.goto(url, { waitUntil: "networkidle0", timeout: 60_000 });
    await drawn(page);
    return { ...(await contents(page, origin)), problems: [...problems, ...(await unseen(page))] };
  } finally {
    await page.close();
  }
}

/** Diagrams are drawn after the page has come. */
async function drawn(page: Page): Promise<void> {
  const all = () => [...document.querySelectorAll(".mermaid")].every((each) => each.querySelector("svg") !== null);
  await page.waitForFunction(all, { timeout: 15_000 }).catch(() => undefined);
}

const contents = (page: Page, origin: string): Promise<Omit<Seen, "problems">> =>
  page.evaluate((site) => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>("a[href]")];
    return {
      heading: document.querySelector("h1")?.innerText.replaceAll("\u200b", "").trim() ?? "",
      links: links.map(({ href }) => href).filter((href) => href.startsWith(site)),
      anchors: [...document.querySelectorAll("[id]")].map(({ id }) => id),
      diagrams: [...document.querySelectorAll(".mermaid > svg")].filter((svg) => svg.getBoundingClientRect().width > 0)
        .length,
    };
  }, origin);

const unseen = (page: Page): Promise<string[]> =>
  page.evaluate(() => [
    ...[...document.images]
      .filter((image) => image.naturalWidth === 0)
      .map((image) => `shows no picture: ${image.src}`),
    ...[...document.querySelectorAll(".mermaid")]
      .filter((each) => each.querySelector("svg") === null)
      .map((_, at) => `has not drawn diagram ${at + 1}`),
  ]);

/** Links of pages to pages or headings that there are not. */
export function linkProblems(seen: ReadonlyMap<string, Seen>): string[] {
  return [...seen].flatMap(([page, { links }]) =>
    links.flatMap((link) => {
      const { pathname, hash, origin } = new URL(link);
      const target = seen.get(`${origin}${pathname.replace(/\.html$/, "")}`);
      if (target === undefined) return [`${page} links to ${link}, which is no page`];
      const anchor = decodeURIComponent(hash.slice(1));
      return anchor === "" || target.anchors.includes(anchor) ? [] : [`${page} links to ${link}: no such heading`];
    }),
  );
}

/**
 * Pages that show less than they have: a diagram that is not even tried leaves nothing behind that could be found.
 *
 * @param diagrams how many each page has in Markdown, by address
 */
export function diagramProblems(diagrams: ReadonlyMap<string, number>, seen: ReadonlyMap<string, Seen>): string[] {
  return [...diagrams].flatMap(([page, wanted]) => {
    const drawn = seen.get(page)?.diagrams ?? 0;
    return drawn === wanted ? [] : [`${page} shows ${drawn} of ${wanted} diagrams`];
  });
}
