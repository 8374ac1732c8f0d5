import assert from "node:assert/strict";
import { cacertsData, intermediateSubject, rootNotice, rootSubject, trustedRoots } from "../../istio/ca.ts";
import { readerTokenSecret, remoteKubeconfig, remoteSecret, remoteSecretKey } from "../../istio/remote-secret.ts";

describe("trust between clusters", () => {
  it("chains the intermediate before the root", () => {
    assert.deepEqual(
      cacertsData({ root: "ROOT\n", trusted: "OTHER\nROOT\n", intermediate: "INTERMEDIATE\n", key: "KEY\n" }),
      {
        "root-cert.pem": "OTHER\nROOT\n",
        "ca-cert.pem": "INTERMEDIATE\n",
        "ca-key.pem": "KEY\n",
        "cert-chain.pem": "INTERMEDIATE\nROOT\n",
      },
    );
  });

  it("gives root and intermediates different subjects", () => {
    const subjects = [
      rootSubject("mesh1 root", 1),
      rootSubject("mesh1 root", 2),
      intermediateSubject("east"),
      intermediateSubject("west"),
    ];
    assert.equal(new Set(subjects.map(({ commonName }) => commonName)).size, 4);
  });

  it("writes trusted roots in one order, whichever of them signs", () => {
    assert.equal(trustedRoots(["B\n", "A\n"]), trustedRoots(["A\n", "B\n"]));
  });

  it("speaks of a root's end in its last 60 days, and not before", () => {
    const notice = (now: string) => rootNotice("mesh1 root", "2027-11-26T00:00:00Z", Date.parse(now));
    assert.equal(notice("2027-09-26T00:00:00Z"), undefined);
    assert.match(notice("2027-09-28T00:00:00Z") ?? "", /"mesh1 root" ends on 2027-11-26/);
    assert.match(notice("2028-01-01T00:00:00Z") ?? "", /ends on 2027-11-26/);
  });

  it("names the reader's token by its period, so that a new one stands beside the old", () => {
    const nameIn = (period: string) => readerTokenSecret("remote", "istio-system", period).metadata.name;
    const names = ["2026-11-26t00", "2027-02-24t00"].map(nameIn);
    assert.equal(new Set(names).size, 2);
  });

  it("writes the remote secret that istioctl would", () => {
    assert.deepEqual(remoteSecret({ from: "west", to: "east", type: "remote", namespace: "istio-system" }).metadata, {
      name: "istio-remote-secret-west",
      namespace: "istio-system",
      labels: { "istio/multiCluster": "true" },
      annotations: { "networking.istio.io/cluster": "west" },
    });
    assert.equal(
      readerTokenSecret("remote", "istio-system", "2026-11-26t00").metadata.annotations?.[
        "kubernetes.io/service-account.name"
      ],
      "istio-reader-service-account",
    );
  });

  it("gives an external istiod its config cluster without making a further cluster of it", () => {
    const secret = { from: "config", to: "external", type: "config", namespace: "external-istiod" } as const;
    // Where chart istiod mounts it from; with the label istiod would read a cluster named "config" as its key is.
    const { name, namespace, labels } = remoteSecret(secret).metadata;
    assert.deepEqual(
      { name, namespace, labels },
      { name: "istio-kubeconfig", namespace: "external-istiod", labels: undefined },
    );
    assert.equal(remoteSecretKey(secret), "config");
    const { metadata } = readerTokenSecret("config", "external-istiod", "2026-11-26t00");
    assert.equal(metadata.annotations?.["kubernetes.io/service-account.name"], "istiod");
  });

  it("authenticates with a token, never with a command", () => {
    const kubeconfig = JSON.parse(
      remoteKubeconfig({
        cluster: "west",
        server: "https://west.example.com",
        certificateAuthorityData: "Q0E=",
        token: "abc",
      }),
    ) as { users: { name: string; user: object }[]; clusters: { cluster: object }[]; "current-context": string };
    assert.deepEqual(kubeconfig.users, [{ name: "west", user: { token: "abc" } }]);
    assert.deepEqual(kubeconfig.clusters[0]?.cluster, {
      server: "https://west.example.com",
      "certificate-authority-data": "Q0E=",
    });
    assert.equal(kubeconfig["current-context"], "west");
  });
});
