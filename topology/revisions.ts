/** Control planes side by side, and who follows which (https://istio.io/latest/docs/setup/upgrade/canary/). */
import type { ClusterDraft, Drafts, MeshDraft } from "./drafts.ts";
import { isExternalControlPlane } from "./queries.ts";
import { type LabConfig, type RevisionTag, revisionTags, type SampleName } from "./schema.ts";
import type { RevisionPlan } from "./types.ts";

/** What Istio calls the revision of a control plane that is given no name; `istio-injection: enabled` leads to it. */
export const defaultRevision = "default";

/** A revision is named after its version, as on Istio's pages: no dots in the name of a Service. */
const revisionName = (version: string): string => version.replaceAll(".", "-");

/** The unnamed control plane first, unless there are named ones and nobody asks for it beside them. */
export function planRevisions({ version, written: { version: asked, revisions } }: MeshDraft): RevisionPlan[] {
  if (revisions === undefined) return [{ revision: defaultRevision, version }];
  const unnamed = asked === undefined ? [] : [{ revision: defaultRevision, version: asked }];
  const tagged = revisionTags.flatMap((tag) => {
    const of = revisions[tag];
    return of === undefined ? [] : [{ revision: revisionName(of), version: of, tag }];
  });
  return [...unnamed, ...tagged];
}

/** A mesh's versions, each with its place in the stack file. */
export function versionsWritten(mesh: MeshDraft): { readonly path: string; readonly version: string }[] {
  return planRevisions(mesh).map(({ version, tag }) => ({
    path: tag === undefined ? `${mesh.path}.version` : `${mesh.path}.revisions.${tag}`,
    version,
  }));
}

/** What gateways and namespaces follow that say nothing else; undefined without revisions. */
export const followedBy = ({ written }: MeshDraft): RevisionTag | undefined =>
  written.revisions === undefined ? undefined : (written.revision ?? "stable");

/** The tag that a namespace in a cluster follows. */
export function tagIn(
  { meshes }: Drafts,
  { mesh }: ClusterDraft,
  own: RevisionTag | undefined,
): RevisionTag | undefined {
  const draft = meshes.find(({ name }) => name === mesh);
  return draft?.written.revisions === undefined ? undefined : (own ?? followedBy(draft));
}

export interface SampleEntry {
  readonly name: SampleName;
  readonly revision: RevisionTag | undefined;
  /** Its place in the stack file. */
  readonly path: string;
}

/** The lab's samples, each once, sorted by name. */
export function sampleEntries({ samples = [] }: LabConfig): SampleEntry[] {
  const entries = samples.map((sample, index) => {
    const path = `samples[${index}]`;
    return typeof sample === "string" ? { name: sample, revision: undefined, path } : { ...sample, path };
  });
  const once = new Map(entries.map((entry) => [entry.name, entry]));
  return [...once.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Meshes whose namespaces of the samples and tenants are made in their clusters. */
export const meshesWithWorkloads = ({ clusters, meshes }: Drafts): MeshDraft[] =>
  meshes.filter(({ name }) => clusters.some((cluster) => cluster.mesh === name && !isExternalControlPlane(cluster)));
