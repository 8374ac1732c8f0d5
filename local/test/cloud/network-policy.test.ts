import assert from "node:assert/strict";
import { nodeScript, type Inventory, type NetworkPolicy, type Pod } from "../../cloud/network-policy/rules.ts";

const pod = (namespace: string, app: string, podIP: string, nodeName: string): Pod => ({
  metadata: { name: `${app}-1`, namespace, labels: { app } },
  spec: { nodeName },
  status: { podIP, phase: "Running" },
});

const namespace = (name: string) => ({ metadata: { name, labels: { "kubernetes.io/metadata.name": name } } });

const policy = (namespaceName: string, spec: NetworkPolicy["spec"]): NetworkPolicy => ({
  metadata: { name: "policy", namespace: namespaceName },
  spec,
});

const of = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

const inventory = (...policies: NetworkPolicy[]): Inventory => ({
  pods: [
    pod("red", "web", "10.0.0.1", "one"),
    pod("blue", "web", "10.0.0.2", "one"),
    pod("blue", "db", "10.0.0.3", "two"),
    pod("green", "web", "10.0.0.4", "two"),
  ],
  namespaces: ["red", "blue", "green"].map(namespace),
  policies,
});

/** The lines of a pod's chain, but for the closing brace. */
function chain(script: string, direction: string, ip: string): string[] {
  const text = new RegExp(
    `chain ${direction}_${ip.replaceAll(".", "_")} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*)\\n\\}`,
  ).exec(script);
  return (text?.[1] ?? "").split("\n").map((line) => line.trim());
}

describe("NetworkPolicies as nftables rules", () => {
  it("leave a pod alone that no policy selects", () => {
    const script = nodeScript("one", inventory(policy("green", { policyTypes: ["Ingress"] })));
    assert.doesNotMatch(script, /jump/);
  });

  it("drop everything where nothing is allowed, in the directions that are named", () => {
    const both = nodeScript("one", inventory(policy("red", { policyTypes: ["Ingress", "Egress"] })));
    assert.deepEqual(chain(both, "ingress", "10.0.0.1"), ["drop"]);
    assert.deepEqual(chain(both, "egress", "10.0.0.1"), ["drop"]);
    assert.doesNotMatch(both, /10_0_0_2/);
    assert.doesNotMatch(nodeScript("one", inventory(policy("red", {}))), /egress/);
  });

  it("stand on the node of the pod alone", () => {
    const script = nodeScript("two", inventory(policy("blue", { policyTypes: ["Ingress"] })));
    assert.match(script, /ip daddr 10\.0\.0\.3 jump/);
    assert.doesNotMatch(script, /10\.0\.0\.2/);
  });

  it("let in pods of a namespace, of the own, and of both selectors together", () => {
    const from = (peer: object) =>
      chain(nodeScript("one", inventory(policy("red", { ingress: [{ from: [peer] }] }))), "ingress", "10.0.0.1");
    assert.deepEqual(from(of("blue")), ["ip saddr { 10.0.0.2, 10.0.0.3 } return", "drop"]);
    assert.deepEqual(from({ ...of("blue"), podSelector: { matchLabels: { app: "db" } } }), [
      "ip saddr { 10.0.0.3 } return",
      "drop",
    ]);
    assert.deepEqual(from({ podSelector: {} }), ["ip saddr { 10.0.0.1 } return", "drop"]);
    assert.deepEqual(from(of("nobody")), ["drop"]);
  });

  it("know blocks, their exceptions, ports and ranges of ports", () => {
    const to = (rule: NonNullable<NetworkPolicy["spec"]["egress"]>[number]) =>
      chain(nodeScript("one", inventory(policy("red", { egress: [rule] }))), "egress", "10.0.0.1");
    assert.deepEqual(to({ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }], ports: [{ port: 443 }] }), [
      "ip daddr 0.0.0.0/0 ip daddr != 10.0.0.0/8 tcp dport 443 return",
      "drop",
    ]);
    assert.deepEqual(
      to({
        ports: [
          { protocol: "UDP", port: 53 },
          { port: 1, endPort: 9 },
        ],
      }),
      ["udp dport 53 return", "tcp dport 1-9 return", "drop"],
    );
    assert.deepEqual(to({}), ["return", "drop"]);
  });
});
