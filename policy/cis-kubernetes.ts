/** The part of Pulumi's CIS pack that is about Kubernetes' own objects; see cis-eks.ts. */
import type { ResourceGraph } from "../lab/recorder/graph.ts";
import { field } from "./laws/law.ts";
import { containers, type Pods, pods } from "./laws/pods.ts";
import { list } from "./laws/values.ts";
import { allows, bindings, rbacRules, type Rule } from "./laws/rbac.ts";
import type { Policies } from "./policy.ts";

const source = "https://www.pulumi.com/docs/reference/pre-built-policy-packs/cis-kubernetes/aws/";

const podsWhere = (graph: ResourceGraph, is: (pods: Pods) => boolean, objection: string): string[] =>
  pods(graph)
    .filter(is)
    .map(({ node }) => `${node.urn} ${objection}`);

const rulesWhere = (graph: ResourceGraph, is: (rule: Rule) => boolean, objection: string): string[] =>
  rbacRules(graph)
    .filter(is)
    .map(({ urn }) => `${urn} ${objection}`);

const anyContainer = (pods: Pods, ...path: string[]): boolean =>
  containers(pods).some((container) => field(container, ...path) === true);

export const cisKubernetesPolicies: Policies = {
  "k8s-cluster-admin-role-binding-minimized": {
    what: "Nobody is bound to the role cluster-admin.",
    source,
    cis: "4.1",
    severity: "high",
    law: (graph) =>
      bindings(graph)
        .filter(({ role }) => role === "cluster-admin")
        .map(({ urn }) => `${urn} makes somebody cluster-admin.`),
  },
  "k8s-rbac-secret-access-minimized": {
    what: "No role reads Secrets.",
    source,
    cis: "4.1",
    severity: "high",
    law: (graph) => rulesWhere(graph, (rule) => allows(rule, "secrets", ["get", "list", "watch"]), "reads Secrets."),
  },
  "k8s-rbac-wildcard-use-minimized": {
    what: "Roles name groups, resources and verbs one by one.",
    source,
    cis: "4.1",
    severity: "high",
    law: (graph) =>
      rulesWhere(
        graph,
        ({ groups, resources, verbs }) => [...groups, ...resources, ...verbs].includes("*"),
        "allows `*`.",
      ),
  },
  "k8s-rbac-create-pods-minimized": {
    what: "No role makes pods by itself.",
    source,
    cis: "4.1",
    severity: "medium",
    law: (graph) => rulesWhere(graph, (rule) => allows(rule, "pods", ["create"]), "makes pods."),
  },
  "k8s-rbac-bind-impersonate-escalate-minimized": {
    what: "No role gives its holder more rights than it has.",
    source,
    cis: "4.1",
    severity: "critical",
    law: (graph) =>
      rulesWhere(
        graph,
        ({ verbs }) => ["bind", "impersonate", "escalate"].some((verb) => verbs.includes(verb)),
        "may bind, impersonate or escalate.",
      ),
  },
  "k8s-default-service-accounts-not-used": {
    what: "Workloads run as service accounts of their own.",
    source,
    cis: "4.1",
    severity: "medium",
    law: (graph) =>
      podsWhere(
        graph,
        ({ spec }) => [undefined, "default"].includes(field(spec, "serviceAccountName") as string | undefined),
        "runs as the default service account.",
      ),
  },
  "k8s-service-account-token-mounted-minimized": {
    what: "Pods that do not call the API server get no token for it.",
    source,
    cis: "4.1",
    severity: "low",
    law: (graph) =>
      podsWhere(
        graph,
        ({ spec }) => field(spec, "automountServiceAccountToken") !== false,
        "mounts a token for the API server.",
      ),
  },
  "k8s-pod-security-privileged-containers-minimized": {
    what: "No container is privileged.",
    source,
    cis: "4.2",
    severity: "critical",
    law: (graph) =>
      podsWhere(graph, (each) => anyContainer(each, "securityContext", "privileged"), "has a privileged container."),
  },
  "k8s-pod-security-host-pid-minimized": {
    what: "No pod sees its node's processes.",
    source,
    cis: "4.2",
    severity: "high",
    law: (graph) => podsWhere(graph, ({ spec }) => field(spec, "hostPID") === true, "sees its node's processes."),
  },
  "k8s-pod-security-host-ipc-minimized": {
    what: "No pod shares its node's memory.",
    source,
    cis: "4.2",
    severity: "high",
    law: (graph) => podsWhere(graph, ({ spec }) => field(spec, "hostIPC") === true, "shares its node's memory."),
  },
  "k8s-pod-security-host-network-minimized": {
    what: "No pod uses its node's network.",
    source,
    cis: "4.2",
    severity: "high",
    law: (graph) => podsWhere(graph, ({ spec }) => field(spec, "hostNetwork") === true, "uses its node's network."),
  },
  "k8s-pod-security-allow-privilege-escalation-minimized": {
    what: "No container asks to gain rights after its start.",
    source,
    cis: "4.2",
    severity: "high",
    law: (graph) =>
      podsWhere(
        graph,
        (each) => anyContainer(each, "securityContext", "allowPrivilegeEscalation"),
        "has a container that may gain rights.",
      ),
  },
  "k8s-secrets-as-files-not-env-vars": {
    what: "Secrets come as files, not as environment variables.",
    source,
    cis: "4.4-4.5",
    severity: "medium",
    law: (graph) =>
      podsWhere(
        graph,
        (each) =>
          containers(each).some(
            (container) =>
              list(field(container, "env")).some((env) => field(env, "valueFrom", "secretKeyRef") !== undefined) ||
              list(field(container, "envFrom")).some((env) => field(env, "secretRef") !== undefined),
          ),
        "has a Secret in its environment.",
      ),
  },
  "k8s-default-namespace-not-used": {
    what: "Nothing lives in the namespace `default`.",
    source,
    cis: "4.4-4.5",
    severity: "low",
    law: (graph) =>
      graph.nodes
        .filter(({ inputs }) => [field(inputs, "metadata", "namespace"), inputs["namespace"]].includes("default"))
        .map(({ urn }) => `${urn} is in the namespace default.`),
  },
};
