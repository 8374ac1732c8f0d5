import assert from "node:assert/strict";
import { UNKNOWN } from "../../plugins/host/values.ts";
import { checkConfig, diffConfig, providerOptions } from "../../plugins/kubernetes/config.ts";

function kubeconfig(server: string, token: string): string {
  return [
    "current-context: a",
    "clusters: [{name: c, cluster: {server: " + JSON.stringify(server) + "}}]",
    `users: [{name: u, user: {token: ${token}}}]`,
    "contexts: [{name: a, context: {cluster: c, user: u}}]",
  ].join("\n");
}

const here = kubeconfig("https://here", "secret-token");

describe("kubernetes provider options", () => {
  it("takes the options that the SDK sends, as JSON text", () => {
    const news = { kubeconfig: here, enableSecretMutable: "true", upsertExistingObjects: "false" };
    assert.deepEqual(checkConfig(news).failures, []);
    const options = { enableSecretMutable: true, enableConfigMapMutable: false, upsertExistingObjects: false };
    assert.deepEqual(providerOptions(news, {}), { ...options, deleteUnreachable: false });
  });

  it("takes a cluster that does not answer for deleted when the option or the environment says so", () => {
    const env = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };
    const of = (option: object, environment: NodeJS.ProcessEnv) =>
      providerOptions({ kubeconfig: here, ...option }, environment).deleteUnreachable;
    assert.deepEqual([of({}, env), of({}, {}), of({ deleteUnreachable: "true" }, {})], [true, false, true]);
    assert.equal(of({ deleteUnreachable: "false" }, env), false);
  });

  it("takes an unknown kubeconfig", () => {
    assert.deepEqual(checkConfig({ kubeconfig: UNKNOWN }).failures, []);
  });

  for (const option of ["renderYamlToDirectory", "enablePatchForce", "noSuchOption"]) {
    it(`refuses ${option}, and only when it is on`, () => {
      const refused = checkConfig({ kubeconfig: here, [option]: "true" }).failures?.map(({ property }) => property);
      assert.deepEqual(refused, [option]);
      assert.deepEqual(checkConfig({ kubeconfig: here, [option]: "false" }).failures, []);
    });
  }

  it("refuses client-side apply, a missing and a malformed kubeconfig, without quoting it", () => {
    assert.equal(checkConfig({ kubeconfig: here, enableServerSideApply: "false" }).failures?.length, 1);
    assert.match(checkConfig({}).failures?.[0]?.reason ?? "", /is missing/);
    const broken = here.replace("current-context: a", "current-context: b");
    const reason = checkConfig({ kubeconfig: broken }).failures?.[0]?.reason ?? "";
    assert.equal(reason, 'the kubeconfig has no context named "b"');
  });

  it("updates in place for a new token or option", () => {
    const renewed = diffConfig({ kubeconfig: here }, { kubeconfig: kubeconfig("https://here", "other") });
    assert.deepEqual([renewed.changes, renewed.replaces], [true, []]);
    assert.equal(diffConfig({ kubeconfig: here }, { kubeconfig: here }).changes, false);
    assert.deepEqual(diffConfig({ kubeconfig: here }, { kubeconfig: here, enableSecretMutable: "true" }).replaces, []);
  });

  it("replaces everything for a new server, and when the new one is unknown", () => {
    const there = kubeconfig("https://there", "secret-token");
    assert.deepEqual(diffConfig({ kubeconfig: here }, { kubeconfig: there }).replaces, ["kubeconfig"]);
    assert.deepEqual(diffConfig({ kubeconfig: here }, { kubeconfig: UNKNOWN }).replaces, ["kubeconfig"]);
  });

  it("with clusterIdentifier, replaces only for another identifier", () => {
    const there = kubeconfig("https://there", "secret-token");
    const same = diffConfig(
      { kubeconfig: here, clusterIdentifier: "x" },
      { kubeconfig: there, clusterIdentifier: "x" },
    );
    assert.deepEqual([same.changes, same.replaces], [true, []]);
    const other = diffConfig(
      { kubeconfig: here, clusterIdentifier: "x" },
      { kubeconfig: here, clusterIdentifier: "y" },
    );
    assert.deepEqual(other.replaces, ["clusterIdentifier"]);
  });
});
