/** What the pack says of itself and of a program, in the engine's terms. */
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { ResourceGraph } from "../../lab/recorder/graph.ts";
import { objections, policies } from "../catalogue.ts";
import type { Policy, Severity } from "../policy.ts";

const pack = "istio-lab";
const { ADVISORY, DISABLED, MANDATORY } = proto.EnforcementLevel;
type Level = proto.EnforcementLevel;
/** What `--policy-pack-config` says, by policy. */
export type Levels = ReadonlyMap<string, Level>;

const served = Object.entries(policies).filter(([, { inTestsAlone }]) => inTestsAlone !== true);
const severities: Readonly<Record<Severity, proto.PolicySeverity>> = {
  low: proto.PolicySeverity.POLICY_SEVERITY_LOW,
  medium: proto.PolicySeverity.POLICY_SEVERITY_MEDIUM,
  high: proto.PolicySeverity.POLICY_SEVERITY_HIGH,
  critical: proto.PolicySeverity.POLICY_SEVERITY_CRITICAL,
};
const ownLevel = ({ severity }: Policy): Level => (severity === "low" ? ADVISORY : MANDATORY);

export function analyzerInfo(): proto.AnalyzerInfo {
  return new proto.AnalyzerInfo()
    .setName(pack)
    .setDisplayname("Istio lab")
    .setSupportsconfig(true)
    .setPoliciesList(
      served.map(([id, policy]) =>
        new proto.PolicyInfo()
          .setName(id)
          .setDescription(policy.what)
          .setEnforcementlevel(ownLevel(policy))
          .setSeverity(severities[policy.severity])
          .setPolicyType(proto.PolicyType.POLICY_TYPE_STACK)
          .setUrl(policy.source),
      ),
    );
}

export function levelsOf(request: proto.ConfigureAnalyzerRequest): Levels {
  const levels = new Map<string, Level>();
  request.getPolicyconfigMap().forEach((config, id) => levels.set(id, config.getEnforcementlevel()));
  return levels;
}

export function diagnostics(graph: ResourceGraph, levels: Levels): proto.AnalyzeDiagnostic[] {
  return served.flatMap(([id, policy]) => {
    const level = levels.get(id) ?? ownLevel(policy);
    if (level === DISABLED) return [];
    return objections(id, graph).map((objection) =>
      new proto.AnalyzeDiagnostic()
        .setPolicyname(id)
        .setPolicypackname(pack)
        .setDescription(policy.what)
        .setMessage(`${policy.what}\n${short(objection)}\nSee ${policy.source}`)
        .setEnforcementlevel(level)
        .setSeverity(severities[policy.severity])
        .setUrn(/^urn:pulumi:\S+/.exec(objection)?.[0] ?? ""),
    );
  });
}

/** Names instead of URNs, which Pulumi prints above. */
function short(objection: string): string {
  return objection.replaceAll(/urn:pulumi:\S+::(\S+)/g, "$1");
}
