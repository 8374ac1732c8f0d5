/** The pages of docs/ as a site: `npm run site` writes it to out/site. */
import { existsSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { slug } from "github-slugger";
import { defineConfig, type DefaultTheme } from "vitepress";
import { codeOutsideIsText, indexPages, mermaidFences } from "./markdown.ts";
import { sidebarOf, type Language } from "./sidebar.ts";

/** A link to docs/, made here: what copies the project around knows files only. */
const docs = resolve(import.meta.dirname, "../pages");
if (!existsSync(docs)) symlinkSync("../docs", docs);

const out = resolve(import.meta.dirname, "../../out");

const themeOf = (language: Language): DefaultTheme.Config => ({
  sidebar: sidebarOf(docs, language),
  outline: { level: [2, 3], label: language === "ja" ? "目次" : "On this page" },
  ...(language === "ja" ? { docFooter: { prev: "前へ", next: "次へ" }, darkModeSwitchLabel: "表示" } : {}),
});

export default defineConfig({
  title: "istio-lab",
  srcDir: docs,
  outDir: resolve(out, "site"),
  cacheDir: resolve(out, "site-cache"),
  // A site may stand below a path of its host: https://vitepress.dev/reference/site-config#base
  base: process.env["SITE_BASE"] ?? "/",
  cleanUrls: true,
  // GitHub shows README.md of a folder, a browser index.html.
  rewrites: (page) => page.replace(/README\.md$/, "index.md"),
  locales: {
    en: { label: "English", lang: "en", link: "/en/", themeConfig: themeOf("en") },
    ja: { label: "日本語", lang: "ja", link: "/ja/", themeConfig: themeOf("ja") },
  },
  themeConfig: { search: { provider: "local" } },
  // Through the link the pages find this package's modules, as they would not from where they are.
  vite: { resolve: { preserveSymlinks: true } },
  markdown: {
    // The pages' links go to the anchors that GitHub makes.
    anchor: { slugify: slug },
    config: (markdown) => {
      indexPages(markdown);
      codeOutsideIsText(markdown, docs);
      mermaidFences(markdown);
    },
  },
});
