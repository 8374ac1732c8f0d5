import assert from "node:assert/strict";
import { topologyMarkdown } from "../../../lab/plan/markdown.ts";
import { meshOf, multiLab, singleLab, withRemotes } from "./labs.ts";

const mermaidOf = (markdown: string): string[] => /```mermaid\n([\s\S]*?)\n```/.exec(markdown)?.[1]?.split("\n") ?? [];

describe("the topology as Markdown", () => {
  it("draws the multi lab: two networks, a cluster in each, secrets both ways, traffic between", () => {
    assert.deepEqual(mermaidOf(topologyMarkdown(multiLab(), "multi")), [
      "flowchart LR",
      '  subgraph n1["network-east"]',
      '    c1["<b>east</b><br/>primary<br/>us-east-1"]',
      "  end",
      '  subgraph n2["network-west"]',
      '    c2["<b>west</b><br/>primary<br/>us-west-2"]',
      "  end",
      "  c1 <-.->|remote secrets| c2",
      "  c1 <==>|mutual TLS 15443| c2",
    ]);
  });

  it("points a one-way secret from the API that is read to the primary that holds it", () => {
    const lines = mermaidOf(topologyMarkdown(withRemotes(meshOf(2)), "remote"));
    assert.deepEqual(lines.slice(-1), ["  c2 -.->|remote secret| c1"]);
  });

  it("leads users of one host to each cluster that answers it", () => {
    const ingress = { global: "route53", hostedZone: "lab.example", host: "www.lab.example" };
    const markdown = topologyMarkdown(meshOf(2, { ingress }), "global");
    assert.deepEqual(mermaidOf(markdown).slice(-2), [
      '  users(["www.lab.example"]) -->|while healthy| c1',
      '  users(["www.lab.example"]) -->|while healthy| c2',
    ]);
    assert.match(markdown, /^\| www\.lab\.example \| lab\.example \| cluster-01, cluster-02 \|$/m);
  });

  it("has tables of clusters and of what is open, and none that would be empty", () => {
    const markdown = topologyMarkdown(singleLab(), "single");
    const titles = [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(titles, ["Clusters", "Open to the world"]);
    assert.match(markdown, /^\| primary \| primary \| network-1 \| us-east-1 \| 10\.10\.0\.0\/16 \| 1 \|/m);
    assert.match(markdown, /^\| primary \| kubernetes-api \| 443 \| 0\.0\.0\.0\/0 \|/m);
  });
});
