import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { authorityUses, cacertsData, cacertsSecret, intermediateDnsName, intermediateSubject } from "../istio/ca.ts";
import type { CaPlan } from "../topology/types.ts";
import { type ClusterHandle, createSecret, type Dependencies, inCluster } from "./in-cluster.ts";
import type { Trust } from "./trust.ts";

export interface CacertsArgs {
  /** Istio's name of the cluster. */
  readonly clusterName: string;
  readonly cluster: ClusterHandle;
  readonly trust: Trust;
  readonly ca: CaPlan;
  /** That of the istiod. */
  readonly namespace: string;
  /** The namespace itself. */
  readonly dependsOn: Dependencies;
}

/**
 * The certificate authority of one cluster's istiod: an intermediate under the root that makes
 * [trust within a mesh](https://istio.io/latest/docs/ops/deployment/deployment-models/#trust-within-a-mesh), as in
 * [plug in CA certificates](https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/).
 *
 * Creates: a private key, a signing request, a certificate, and the Secret `cacerts`.
 * Cost: nothing. Defaults: valid for 90 days, renewed by the first `pulumi up` in the last 30; istiod sees the new one in
 * its mounted Secret within two minutes, and workloads get theirs from it as they renew.
 * Leaves out: rotation by itself, revocation.
 */
export class Cacerts extends pulumi.ComponentResource {
  /** Must be there before istiod starts for the first time, or istiod signs itself and nobody else trusts it. */
  readonly secret: k8s.core.v1.Secret;

  constructor(
    name: string,
    { clusterName, cluster, trust, ca, namespace, dependsOn }: CacertsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("istio-lab:mesh:Cacerts", name, {}, opts);
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent: this });
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: intermediateSubject(clusterName),
        dnsNames: [intermediateDnsName(namespace)],
      },
      { parent: this },
    );
    const intermediate = new tls.LocallySignedCert(
      `${name}-intermediate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: trust.key,
        caCertPem: trust.certificate,
        allowedUses: [...authorityUses],
        isCaCertificate: true,
        setSubjectKeyId: true,
        validityPeriodHours: ca.intermediateDays * 24,
        earlyRenewalHours: ca.renewBeforeDays * 24,
      },
      { parent: this },
    );
    const stringData = pulumi
      .all([trust.certificate, trust.trusted, intermediate.certPem, key.privateKeyPem])
      .apply(([root, trusted, certificate, privateKey]) =>
        cacertsData({ root, trusted, intermediate: certificate, key: privateKey }),
      );
    this.secret = createSecret(name, cacertsSecret(namespace), inCluster(cluster, this, dependsOn), {
      stringData: pulumi.secret(stringData),
    });
    this.registerOutputs({});
  }
}
