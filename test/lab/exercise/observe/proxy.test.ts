import assert from "node:assert/strict";
import { certificateIn, plainSerial, upstreamsIn } from "../../../../lab/exercise/observe/proxy.ts";

describe("what proxies say", () => {
  it("has limits, endpoints, their requests and whether they are ejected", () => {
    const printed = JSON.stringify({
      cluster_statuses: [
        {
          name: "outbound|80|v2|a.b.svc.cluster.local",
          circuit_breakers: {
            thresholds: [
              { max_connections: 10, max_retries: 4_294_967_295 },
              { priority: "HIGH", max_connections: 1024 },
            ],
          },
          host_statuses: [
            {
              address: { socket_address: { address: "10.0.0.1", port_value: 8080 } },
              stats: [{ name: "cx_active" }, { name: "rq_total", type: "COUNTER", value: "12" }],
              health_status: { eds_health_status: "HEALTHY", failed_outlier_check: true },
            },
            { address: { envoy_internal_address: {} } },
          ],
        },
        { name: "agent" },
      ],
    });
    assert.deepEqual(upstreamsIn(printed), [
      {
        name: "outbound|80|v2|a.b.svc.cluster.local",
        maxConnections: 10,
        hosts: [
          { address: "10.0.0.1:8080", requests: 12, ejected: true },
          { address: "", requests: 0, ejected: false },
        ],
      },
      { name: "agent", maxConnections: undefined, hosts: [] },
    ]);
  });

  it("has the workload's certificate, and not one that only verifies", () => {
    const identity = "spiffe://cluster.local/ns/a/sa/b";
    const printed = JSON.stringify({
      certificates: [
        { ca_cert: [{ serial_number: "1" }] },
        { ca_cert: [], cert_chain: [{ serial_number: "0a1b", subject_alt_names: [{ uri: identity }] }, {}] },
      ],
    });
    assert.deepEqual(certificateIn(printed), { identity, serial: "a1b" });
    assert.equal(certificateIn('{"certificates":[]}'), undefined);
  });

  it("has serial numbers in one way, however they are written", () => {
    for (const written of ["0A:1B:2C", "0x0a1b2c", "a1b2c", "00a1b2c"]) assert.equal(plainSerial(written), "a1b2c");
    assert.equal(plainSerial("00"), "0");
  });
});
