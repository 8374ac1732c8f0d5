import assert from "node:assert/strict";
import {
  clientObjects,
  k6Environment,
  k6Image,
  loadScript,
  logFile,
  requestOf,
  teller,
} from "../../../../lab/experiment/workload/load.ts";
import { versions } from "../../../../local/versions.ts";

const zoneOf = (cluster: string, node: string): string => `zone of ${node} in ${cluster}`;
const options = { url: "http://server/", rate: 200, duration: 60, timeout: 5 };

describe("the load", () => {
  it("is read from what k6 prints: when, how long, what, and who answered", () => {
    assert.deepEqual(requestOf("1800000000123 4.56 200 west/node-1/server-x", "east", zoneOf), {
      client: "east",
      start: 1_800_000_000_123,
      latency: 4.56,
      status: 200,
      answered: { cluster: "west", zone: "zone of node-1 in west", pod: "server-x" },
    });
  });

  it("knows nobody who answered where a proxy did, or nothing", () => {
    assert.deepEqual(requestOf("1800000000123 4.56 503 -", "east", zoneOf), {
      client: "east",
      start: 1_800_000_000_123,
      latency: 4.56,
      status: 503,
    });
  });

  for (const line of [
    "",
    'time="2026-11-28T02:00:00Z" level=warning msg="Insufficient VUs"',
    "1800000000123 4.56 200 west/server-x",
    "1800000000123 fast 200 -",
  ]) {
    it(`passes over what is no request: ${line || "an empty line"}`, () => {
      assert.equal(requestOf(line, "east", zoneOf), undefined);
    });
  }

  it("asks for the header under the name that k6 has for it", () => {
    assert.match(loadScript, /headers\["Experiment-Answerer"\]/);
  });

  it("has users enough for an outage in which every request waits until it is given up", () => {
    const [, most = ""] = /preAllocatedVUs: (.*),/.exec(loadScript) ?? [];
    const { RATE, TIMEOUT } = k6Environment(options);
    const users = most.replaceAll("RATE", RATE ?? "").replaceAll("TIMEOUT", TIMEOUT ?? "");
    assert.equal(users, "Number(200) * (Number(5) + 1)");
    assert.doesNotMatch(loadScript, /maxVUs/, "k6 makes none beyond those by default");
  });

  it("is of the version that the local cloud builds", () => {
    assert.equal(k6Image, `grafana/k6:${versions.k6}`);
  });

  it("is told by another container than it is made by, which reads the file that k6 writes", () => {
    const [, pod] = clientObjects("docker.io", "client-1", options, {});
    const { containers } = pod?.["spec"] as unknown as {
      containers: { name: string; args?: string[]; command?: string[]; volumeMounts: { mountPath: string }[] }[];
    };
    const [k6, other] = containers;
    assert.deepEqual(k6?.args?.slice(-2), ["--log-output", `file=${logFile}`]);
    assert.equal(other?.name, teller);
    assert.ok(other.command?.at(-1)?.includes(logFile));
    for (const { volumeMounts } of containers)
      assert.ok(volumeMounts.some(({ mountPath }) => logFile.startsWith(`${mountPath}/`)));
  });

  it("can be put into a zone, or told that it is elsewhere", () => {
    const pod = (place: { zone?: string; locality?: string }) =>
      JSON.stringify(clientObjects("docker.io", "client-1", options, place)[1]);
    assert.match(pod({ zone: "us-east-1a" }), /"nodeSelector":{"topology.kubernetes.io\/zone":"us-east-1a"}/);
    assert.match(pod({ locality: "nowhere/nozone" }), /"istio-locality":"nowhere.nozone"/);
    assert.doesNotMatch(pod({}), /nodeSelector|istio-locality/);
  });
});
