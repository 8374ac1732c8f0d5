/** Control planes side by side: which there are, and who may follow them. */
import type { MeshDraft } from "../drafts.ts";
import { meshesWithWorkloads, sampleEntries } from "../revisions.ts";
import type { RevisionTag } from "../schema.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

/** A place that names a tag, and the meshes that need to have it. */
interface Follower {
  readonly path: string;
  readonly tag: RevisionTag | undefined;
  readonly meshes: readonly MeshDraft[];
}

function followers(context: RuleContext): Follower[] {
  const meshes = meshesWithWorkloads(context);
  return [
    ...context.meshes.map((mesh) => ({ path: `${mesh.path}.revision`, tag: mesh.written.revision, meshes: [mesh] })),
    ...sampleEntries(context.config).map(({ path, revision }) => ({ path: `${path}.revision`, tag: revision, meshes })),
    ...(context.config.tenants ?? []).map(({ revision }, index) => ({
      path: `tenants[${index}].revision`,
      tag: revision,
      meshes,
    })),
  ];
}

function unknownTags({ path, tag, meshes }: Follower): Finding[] {
  if (tag === undefined) return [];
  const without = meshes.find(({ written }) => written.revisions?.[tag] === undefined);
  if (without === undefined) return [];
  return [
    {
      path,
      message:
        `No control plane is behind the tag "${tag}" here, so no pod would get a proxy. ` +
        `Name its version in ${without.path}.revisions.${tag}, or leave this out.`,
    },
  ];
}

export const revisionRules: readonly Rule[] = [
  {
    code: "unknown-revision",
    severity: "error",
    check: (context) => followers(context).flatMap(unknownTags),
  },
  {
    code: "same-revision",
    severity: "error",
    check: ({ meshes }) =>
      meshes
        .filter(({ written: { revisions } }) => revisions !== undefined && revisions.stable === revisions.canary)
        .map(({ path }) => ({
          path: `${path}.revisions.canary`,
          message:
            "A revision is named after its version, so stable and canary would be one and the same control plane. " +
            "Name another version, or leave canary out until there is one.",
        })),
  },
];
