import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { authorityUses, rootNotice, rootSubject, trustedRoots } from "../istio/ca.ts";
import type { CaPlan } from "../topology/types.ts";

export interface TrustArgs {
  /** The root's common name; two meshes need different ones. */
  readonly rootName: string;
  readonly ca: CaPlan;
  /** Secret. The key of a root of one's own. */
  readonly ownKey: pulumi.Output<string> | undefined;
}

interface Root {
  readonly certificate: pulumi.Output<string>;
  readonly key: pulumi.Output<string>;
}

/**
 * The root of a mesh's trust: what Istio's pages call
 * [trust within a mesh](https://istio.io/latest/docs/ops/deployment/deployment-models/#trust-within-a-mesh). Clusters
 * whose intermediates it signs believe each other's workloads.
 *
 * Creates: a private key (P-256) and a self-signed certificate per generation, in Pulumi's state only; none where one's
 * own root is brought.
 * Cost: nothing. Defaults: valid for a year.
 * A single cluster gets one too, so that another can join its mesh later. A root is never replaced while it is valid:
 * the workloads of a running mesh would stop believing each other. Leaves out: taking the next generation by itself.
 */
export class Trust extends pulumi.ComponentResource {
  /** Of the root that signs. */
  readonly certificate: pulumi.Output<string>;
  /** Secret. */
  readonly key: pulumi.Output<string>;
  /** PEM of every root that is trusted. */
  readonly trusted: pulumi.Output<string>;

  constructor(name: string, args: TrustArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:Trust", name, {}, opts);
    const { ca, ownKey } = args;
    const made = ca.roots.map((generation) => this.#root(name, args, generation));
    const certificates = [...made.map((root) => root.certificate), ...ca.ownRoots.map((pem) => pulumi.output(pem))];
    const [certificate, key] = [certificates[0], made[0]?.key ?? ownKey];
    if (certificate === undefined || key === undefined) throw new Error(`The plan gives ${name} no root.`);
    this.certificate = certificate;
    this.key = pulumi.secret(key);
    this.trusted = pulumi.all(certificates).apply(trustedRoots);
    this.registerOutputs({ certificate: this.certificate });
  }

  #root(name: string, { rootName, ca }: TrustArgs, generation: number): Root {
    const prefix = generation === 1 ? name : `${name}-${generation}`;
    // The provider's own default, P-224, is not one that Istio reads.
    const key = new tls.PrivateKey(`${prefix}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent: this });
    const root = new tls.SelfSignedCert(
      `${prefix}-root`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: rootSubject(rootName, generation),
        allowedUses: [...authorityUses],
        isCaCertificate: true,
        setSubjectKeyId: true,
        validityPeriodHours: ca.rootDays * 24,
        // Never before its end: see above. Only another generation takes its place.
        earlyRenewalHours: 0,
      },
      { parent: this, ignoreChanges: ["validityPeriodHours", "subject"] },
    );
    root.validityEndTime.apply((end) => this.#warnBeforeEnd(rootName, end));
    return { certificate: root.certPem, key: key.privateKeyPem };
  }

  #warnBeforeEnd(rootName: string, end: string): void {
    const notice = rootNotice(rootName, end, Date.now());
    if (notice !== undefined) void pulumi.log.warn(notice, this);
  }
}
