import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { authorityUses, rootSubject, rootValidity } from "../istio/ca.ts";

export interface TrustArgs {
  /** The root's common name; two meshes need different ones. */
  readonly rootName: string;
}

/**
 * The root of a mesh's trust: what Istio's pages call
 * [trust within a mesh](https://istio.io/latest/docs/ops/deployment/deployment-models/#trust-within-a-mesh). Clusters
 * whose intermediates it signs believe each other's workloads.
 *
 * Creates: a private key (P-256) and a self-signed certificate, both in Pulumi's state only.
 * Cost: nothing. Defaults: valid for a year.
 * A single cluster gets one too, so that another can join its mesh later. Leaves out: bringing one's own root, and
 * changing the root of a running mesh.
 */
export class Trust extends pulumi.ComponentResource {
  readonly certificate: pulumi.Output<string>;
  /** Secret. */
  readonly key: pulumi.Output<string>;

  constructor(name: string, { rootName }: TrustArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:Trust", name, {}, opts);
    // The provider's own default, P-224, is not one that Istio reads.
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent: this });
    const root = new tls.SelfSignedCert(
      `${name}-root`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: rootSubject(rootName),
        allowedUses: [...authorityUses],
        isCaCertificate: true,
        setSubjectKeyId: true,
        validityPeriodHours: rootValidity.hours,
        earlyRenewalHours: rootValidity.renewBefore,
      },
      { parent: this },
    );
    this.certificate = root.certPem;
    this.key = pulumi.secret(key.privateKeyPem);
    this.registerOutputs({ certificate: this.certificate });
  }
}
