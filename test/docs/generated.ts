/**
 * Parts of pages that repeat what the code says, between comments such as `<!-- topology multi -->` and
 * `<!-- /topology -->`. `npm run docs:write` writes them, a test demands that they are as it would write them.
 */
import { costOf } from "../../lab/plan/cost.ts";
import { markdownTable, mermaidLines } from "../../lab/plan/markdown.ts";
import { planOf } from "../../lab/plan/plan-of.ts";
import { readSource } from "../../lab/plan/source.ts";
import { knownStacks } from "../../lab/plan/stacks.ts";
import { prices, pricesReadOn } from "../../lab/prices.ts";
import { checkConfig } from "../../topology/plan.ts";
import { rules } from "../../topology/rules/index.ts";
import type { LabPlan } from "../../topology/types.ts";
import { cases } from "../topology/rules/all.ts";
import { keysInJapanese, valuesInJapanese } from "./config-keys-ja.ts";
import { configKeys } from "./config-keys.ts";
import type { Language } from "./experiment-pages.ts";
import { withText, type Part } from "./parts.ts";

type Write = (language: Language, of: string) => string;

const writers: Readonly<Record<string, Write>> = { costs, keys, prices: priceTable, rules: ruleTable, topology };

/** The parts of a page that are written here. */
export function generatedParts(page: string): (Part & { readonly write: (language: Language) => string })[] {
  return [...page.matchAll(/<!-- ([a-z]+)( [\w-]+)? -->/g)].flatMap(([open, name = "", of = ""]) => {
    const write = writers[name];
    return write === undefined
      ? []
      : [{ open, close: `<!-- /${name} -->`, write: (language: Language) => write(language, of.trim()) }];
  });
}

/** The page as it has to be, before it is formatted. */
export function withGeneratedParts(page: string, language: Language): string {
  return generatedParts(page).reduce((text, part) => withText(text, part, part.write(language)), page);
}

const planned = (stack: string): LabPlan => planOf(readSource({ stack }));

function topology(_language: Language, stack: string): string {
  return ["```mermaid", ...mermaidLines(planned(stack)), "```"].join("\n");
}

function costs(language: Language): string {
  const head = {
    en: ["stack", "clusters", "per hour", "for a day", "for 30 days"],
    ja: ["スタック", "クラスター", "1 時間", "1 日", "30 日"],
  };
  const rows = knownStacks().map((stack) => {
    const plan = planned(stack);
    const { hourly, items } = costOf(plan);
    const dollars = (hours: number): string =>
      items.length === 0 ? "—" : hourly === null ? "?" : `$${(hourly * hours).toFixed(2)}`;
    const link = `[${stack}](models/${stack}.md)`;
    return [link, String(plan.clusters.length), dollars(1), dollars(24), dollars(24 * 30)];
  });
  return markdownTable(head[language], rows).join("\n");
}

function priceTable(language: Language): string {
  const words = {
    en: {
      item: "per hour",
      volume: "gp3 volume, per GiB and month",
      read: `Read on ${pricesReadOn}.`,
      of: ["EKS control plane", "network load balancer", "NAT gateway", "public IPv4 address"],
    },
    ja: {
      item: "1 時間あたり",
      volume: "gp3 ボリューム、GiB・月あたり",
      read: `${pricesReadOn} に確認。`,
      of: ["EKS コントロールプレーン", "Network Load Balancer", "NAT ゲートウェイ", "パブリック IPv4 アドレス"],
    },
  }[language];
  const regions = Object.entries(prices);
  const row = (name: string, price: (region: (typeof prices)[string]) => number | undefined): string[] => [
    name,
    ...regions.map(([, region]) => {
      const found = price(region);
      return found === undefined ? "—" : `$${found}`;
    }),
  ];
  const [controlPlane = "", loadBalancer = "", natGateway = "", address = ""] = words.of;
  const instances = [...new Set(regions.flatMap(([, { instances: types }]) => Object.keys(types)))];
  const rows = [
    row(controlPlane, (region) => region.controlPlane),
    row(loadBalancer, (region) => region.loadBalancer),
    row(natGateway, (region) => region.natGateway),
    row(address, (region) => region.publicAddress),
    row(words.volume, (region) => region.volumeGibMonth),
    ...instances.map((type) => row(type, (region) => region.instances[type])),
  ];
  return [words.read, "", ...markdownTable([words.item, ...regions.map(([name]) => name)], rows)].join("\n");
}

/** Each with the message of its case, which the program prints in English. */
function ruleTable(language: Language): string {
  const head = { en: ["code", "severity", "such as"], ja: ["コード", "重大度", "メッセージの例"] };
  const severities = { en: { error: "error", warning: "warning" }, ja: { error: "エラー", warning: "警告" } };
  const rows = rules.map(({ code, severity }) => {
    const { caught, today } = cases[code] ?? { caught: {} };
    const { issues, warnings } = checkConfig(caught, today === undefined ? {} : { today });
    const found = [...issues, ...warnings].find((issue) => issue.code === code);
    return [`\`${code}\``, severities[language][severity], escaped(found?.message ?? "")];
  });
  return markdownTable(head[language], rows).join("\n");
}

function keys(language: Language): string {
  const head = { en: ["key", "values", "what it is"], ja: ["キー", "値", "説明"] };
  const rows = configKeys().map(({ path, values, says }) => [
    `\`${path}\``,
    escaped(values === undefined ? "" : language === "ja" ? valuesInJapanese(values) : values),
    escaped(language === "ja" ? japaneseOf(says) : says),
  ]);
  return markdownTable(head[language], rows).join("\n");
}

function japaneseOf(says: string): string {
  const japanese = says === "" ? "" : keysInJapanese[says];
  if (japanese === undefined)
    throw new Error(`There is no Japanese for "${says}": add it to test/docs/config-keys-ja.ts.`);
  return japanese;
}

/** Text of the code in a page: what looks like HTML is none. */
const escaped = (text: string): string => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
