/** What Markdown on GitHub has and VitePress does not. */
import { dirname, relative, resolve } from "node:path";
import type { MarkdownRenderer } from "vitepress";

/** GitHub shows README.md of a folder; here that page is the folder's own. */
export function indexPages(markdown: MarkdownRenderer): void {
  eachLink(markdown, "index_pages", (link) => {
    link.attrSet("href", String(link.attrGet("href")).replace(/README\.md(?=#|$)/, "index.md"));
  });
}

/** The site has the pages alone: what links to code shows its name only. */
export function codeOutsideIsText(markdown: MarkdownRenderer, docs: string): void {
  eachLink(markdown, "code_outside_is_text", (link, close, page) => {
    if (!leaves(String(link.attrGet("href")), page, docs)) return;
    Object.assign(link, { tag: "span", attrs: null });
    close.tag = "span";
  });
}

type Token = ReturnType<MarkdownRenderer["parse"]>[number];

/** Before VitePress renders them. */
function eachLink(markdown: MarkdownRenderer, name: string, change: (open: Token, close: Token, page: string) => void) {
  markdown.core.ruler.push(name, (state) => {
    const page = (state.env as { path?: string }).path ?? "";
    for (const { children } of state.tokens) {
      let open: Token | undefined;
      for (const token of children ?? []) {
        if (token.type === "link_open") open = token;
        if (token.type === "link_close" && open !== undefined) change(open, token, page);
      }
    }
  });
}

function leaves(href: string, page: string, docs: string): boolean {
  if (/^[a-z]+:|^#/.test(href)) return false;
  const target = relative(docs, resolve(dirname(page), decodeURI(href.split("#")[0] ?? "")));
  return target.startsWith("..") || !/\.(md|svg)$|^[^.]*$/.test(target);
}

/** Diagrams, drawn in the browser by theme/mermaid.ts. */
export function mermaidFences(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (tokens, at, options, env, self) => {
    const token = tokens[at];
    if (token?.info.trim() !== "mermaid") return fence?.(tokens, at, options, env, self) ?? "";
    return `<MermaidDiagram text="${encodeURIComponent(token.content)}" />`;
  };
}
