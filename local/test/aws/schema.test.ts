import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INVOKES } from "../../aws/invokes.ts";
import { RESOURCE_TYPES } from "../../aws/registry.ts";
import { loadSchemas } from "../../aws/schema.ts";
import type { Schemas } from "../../aws/schema.ts";
import { replaceOn } from "../../../test/edits/replace-on.ts";

describe("schemas of the installed SDK", () => {
  let schemas: Schemas;
  let cacheDir: string;
  before(async () => {
    cacheDir = mkdtempSync(join(tmpdir(), "schemas-"));
    schemas = await loadSchemas([...RESOURCE_TYPES.keys(), ...INVOKES.keys()], cacheDir);
  });
  after(() => {
    rmSync(cacheDir, { recursive: true });
  });

  it("have every type of the cloud, with nested objects, required properties and outputs", () => {
    for (const token of RESOURCE_TYPES.keys()) assert.ok((schemas[token]?.outputs.length ?? 0) > 0, token);
    const { inputs, outputs } = schemas["aws:eks/cluster:Cluster"] ?? assert.fail();
    assert.deepEqual(inputs.required.toSorted(), ["roleArn", "vpcConfig"]);
    const vpcConfig = inputs.properties["vpcConfig"];
    assert.ok(typeof vpcConfig === "object" && "required" in vpcConfig);
    assert.deepEqual(vpcConfig.required, ["subnetIds"]);
    assert.deepEqual(vpcConfig.properties["publicAccessCidrs"], { list: "string" });
    assert.ok(outputs.includes("certificateAuthority") && !inputs.properties["certificateAuthority"]);
    const args = schemas["aws:eks/getAddonVersion:getAddonVersion"]?.inputs.required;
    assert.deepEqual(args?.toSorted(), ["addonName", "kubernetesVersion"]);
  });

  it("know every property by which the cloud's types decide", () => {
    for (const [token, type] of RESOURCE_TYPES) {
      const { inputs, outputs } = schemas[token] ?? assert.fail();
      const named = [
        ...type.replaceOn,
        ...Object.keys(type.words ?? {}),
        ...(type.documents ?? []),
        ...Object.keys(type.defaults ?? {}),
      ];
      const known = (name: string) => name === "region" || (name.split(".")[0] ?? "") in inputs.properties;
      assert.deepEqual(
        named.filter((name) => !known(name)),
        [],
        token,
      );
      const filledIn = [...(type.computed ?? []), ...(type.setByOthers ?? []), ...(type.changedByUpdate ?? [])];
      assert.deepEqual(
        filledIn.filter((name) => !outputs.includes(name)),
        [],
        token,
      );
    }
  });

  it("are made anew by the inputs that the list of edits counts with", () => {
    for (const [token, inputs] of Object.entries(replaceOn)) {
      assert.deepEqual(RESOURCE_TYPES.get(token)?.replaceOn.toSorted(), inputs.toSorted(), token);
    }
  });

  it("are read once for each version of the SDK", async () => {
    assert.match(readdirSync(cacheDir).join(), /^aws-schemas-\d+\.\d+\.\d+\.json$/);
    const start = performance.now();
    assert.deepEqual(await loadSchemas([...RESOURCE_TYPES.keys()], cacheDir), schemas);
    assert.ok(performance.now() - start < 500, "the type declarations were read again");
  });
});
